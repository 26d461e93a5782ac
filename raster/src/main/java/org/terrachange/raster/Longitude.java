package org.terrachange.raster;

/// Longitudes are angles: whole turns apart they name one meridian, which files near the date line make use of.
public final class Longitude {
    private static final double FULL_TURN = 360;

    private Longitude() {}

    /// The same meridian, whole turns added or taken away until it lies within half a turn of another.
    ///
    /// @param longitude in degrees
    /// @param centre in degrees
    public static double near(double longitude, double centre) {
        return longitude - turns(longitude, centre);
    }

    /// How many degrees of whole turns a longitude lies beyond those within half a turn of another.
    public static double turns(double longitude, double centre) {
        return FULL_TURN * Math.rint((longitude - centre) / FULL_TURN);
    }
}
