package org.terrachange.detect.evaluate;

/// What a pass over labelled pixels collects: how well changed pixels were told from others, and how far the
/// stated probabilities can be taken at their word.
///
/// @param histogram for the scores at any threshold
/// @param reliability for the calibration
public record PixelScores(ScoreHistogram histogram, Reliability reliability) {

    /// With nothing counted yet.
    public PixelScores() {
        this(new ScoreHistogram(), new Reliability());
    }

    /// Counts pixels.
    ///
    /// @param probability from 0 to 1
    /// @param truth as long; 0 for unchanged
    public void add(float[] probability, byte[] truth) {
        histogram.add(probability, truth);
        reliability.add(probability, truth);
    }
}
