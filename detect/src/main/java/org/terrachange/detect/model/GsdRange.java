package org.terrachange.detect.model;

/// The ground sampling distances that a detector was trained for.
///
/// @param finest side of the smallest pixel, in metres
/// @param coarsest side of the largest one
public record GsdRange(double finest, double coarsest) {
    /// Every size of pixels that there is.
    public static final GsdRange ANY = new GsdRange(1e-6, 1e6);

    /// A scene is enlarged by no more than this: beyond it there is no detail left for the detector to see.
    private static final double MOST_ENLARGED = 4;

    /// Scenes this close to the range count as inside: nobody resamples 0.498 m to 0.5 m.
    private static final double TOLERANCE = 0.02;

    public GsdRange {
        if (!(finest > 0 && coarsest >= finest)) {
            throw new IllegalArgumentException(
                    "a range of pixel sizes rises from above 0, got " + finest + " to " + coarsest);
        }
    }

    /// Whether the detector was trained for pixels of this size.
    public boolean contains(double metres) {
        return metres >= finest * (1 - TOLERANCE) && metres <= coarsest * (1 + TOLERANCE);
    }

    /// The pixel size to which a scene is resampled: the nearest in the range, or a quarter of its own where
    /// the range lies farther away.
    public double nearest(double metres) {
        if (contains(metres)) {
            return metres;
        }
        return metres < finest ? finest : Math.max(coarsest, metres / MOST_ENLARGED);
    }
}
