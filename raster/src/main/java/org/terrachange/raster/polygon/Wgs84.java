package org.terrachange.raster.polygon;

import org.locationtech.jts.geom.CoordinateSequence;

/// Areas and lengths on the WGS 84 ellipsoid of lines that are straight in longitude and latitude, as the edges
/// of pixels on a geographic grid are: they follow meridians and parallels, so the results are exact for them.
///
/// Geodesics differ: over an edge of 10 km in middle latitudes the two lie about 2 m apart. Longitudes must run
/// on without a jump, beyond 180 degrees where a shape crosses that meridian.
///
/// Formulas: J. P. Snyder, Map Projections, USGS Professional Paper 1395 (1987), equations 3-12 (authalic
/// latitude), 4-18 and 4-20 (radii of curvature).
final class Wgs84 {
    private static final double SEMI_MAJOR = 6_378_137;
    private static final double FLATTENING = 1 / 298.257223563;
    private static final double ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);
    private static final double ECCENTRICITY = Math.sqrt(ECCENTRICITY_SQUARED);

    /// Gauss-Legendre quadrature with three points on 0..1.
    private static final double[] NODES = {0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15)};

    private static final double[] WEIGHTS = {5.0 / 18, 8.0 / 18, 5.0 / 18};

    private Wgs84() {}

    /// The area inside a closed ring, in square metres, never negative.
    ///
    /// @param ring longitude and latitude in degrees, the last position equal to the first
    static double area(CoordinateSequence ring) {
        double sum = 0;
        // Areas are counted from the latitude of the ring rather than from the equator, to keep digits.
        double base = zone(Math.toRadians(ring.getY(0)));
        for (int i = 1; i < ring.size(); i++) {
            double eastward = Math.toRadians(ring.getX(i) - ring.getX(i - 1));
            double from = Math.toRadians(ring.getY(i - 1));
            double northward = Math.toRadians(ring.getY(i)) - from;
            if (eastward == 0) {
                continue;
            }
            if (northward == 0) {
                sum += eastward * (zone(from) - base);
                continue;
            }
            for (int k = 0; k < NODES.length; k++) {
                sum += eastward * WEIGHTS[k] * (zone(from + NODES[k] * northward) - base);
            }
        }
        return Math.abs(sum);
    }

    /// The length of a line, in metres.
    ///
    /// @param line longitude and latitude in degrees
    static double length(CoordinateSequence line) {
        double sum = 0;
        for (int i = 1; i < line.size(); i++) {
            double eastward = Math.toRadians(line.getX(i) - line.getX(i - 1));
            double from = Math.toRadians(line.getY(i - 1));
            double northward = Math.toRadians(line.getY(i)) - from;
            for (int k = 0; k < NODES.length; k++) {
                sum += WEIGHTS[k] * metres(from + NODES[k] * northward, eastward, northward);
            }
        }
        return sum;
    }

    /// The area between the equator and a latitude, over one radian of longitude, in square metres.
    private static double zone(double latitude) {
        double sine = Math.sin(latitude);
        double scaled = ECCENTRICITY * sine;
        double inverseTangent = 0.5 * (Math.log1p(scaled) - Math.log1p(-scaled));
        return 0.5
                * SEMI_MAJOR
                * SEMI_MAJOR
                * (1 - ECCENTRICITY_SQUARED)
                * (sine / (1 - scaled * scaled) + inverseTangent / ECCENTRICITY);
    }

    /// The length of a short step at a latitude, all angles in radians.
    private static double metres(double latitude, double eastward, double northward) {
        double sine = Math.sin(latitude);
        double w = 1 - ECCENTRICITY_SQUARED * sine * sine;
        double primeVertical = SEMI_MAJOR / Math.sqrt(w);
        double meridian = primeVertical * (1 - ECCENTRICITY_SQUARED) / w;
        return Math.hypot(primeVertical * Math.cos(latitude) * eastward, meridian * northward);
    }
}
