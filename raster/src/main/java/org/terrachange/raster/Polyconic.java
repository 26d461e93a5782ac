package org.terrachange.raster;

import java.io.Serial;
import org.locationtech.proj4j.InvalidValueException;
import org.locationtech.proj4j.ProjCoordinate;
import org.locationtech.proj4j.proj.Projection;
import org.locationtech.proj4j.util.ProjectionMath;

/// The polyconic projection of an ellipsoid (Snyder 1987, Map Projections: A Working Manual, pages 129 to 131), which
/// Brazil maps the whole country in.
///
/// Lengths are in units of the equator's radius, longitudes count from the central meridian, in radians.
final class Polyconic extends Projection {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int MOST_STEPS = 30;
    private static final double CLOSE = 1e-12;

    private final double[] meridian;
    private final double origin;

    /// @param from whose ellipsoid, origin and unit this one takes over
    Polyconic(Projection from) {
        setName("polyconic");
        setEllipsoid(from.getEllipsoid());
        setProjectionLatitude(from.getProjectionLatitude());
        setProjectionLongitude(from.getProjectionLongitude());
        setFalseEasting(from.getFalseEasting());
        setFalseNorthing(from.getFalseNorthing());
        setScaleFactor(from.getScaleFactor());
        setFromMetres(from.getFromMetres());
        setPrimeMeridian(from.getPrimeMeridian().getName());
        initialize();
        meridian = ProjectionMath.enfn(es);
        origin = distance(projectionLatitude);
    }

    /// Along the meridian from the equator.
    private double distance(double latitude) {
        return ProjectionMath.mlfn(latitude, Math.sin(latitude), Math.cos(latitude), meridian);
    }

    /// The radius of curvature across the meridian.
    private double normal(double latitude) {
        return 1 / Math.sqrt(1 - es * Math.pow(Math.sin(latitude), 2));
    }

    @Override
    protected ProjCoordinate project(double longitude, double latitude, ProjCoordinate out) {
        if (Math.abs(latitude) < CLOSE) {
            out.x = longitude;
            out.y = -origin;
            return out;
        }
        double cone = normal(latitude) / Math.tan(latitude);
        double turn = longitude * Math.sin(latitude);
        out.x = cone * Math.sin(turn);
        out.y = distance(latitude) - origin + cone * (1 - Math.cos(turn));
        return out;
    }

    @Override
    protected ProjCoordinate projectInverse(double x, double y, ProjCoordinate out) {
        double up = origin + y;
        if (Math.abs(up) < CLOSE) {
            out.x = x;
            out.y = 0;
            return out;
        }
        double square = x * x + up * up;
        double latitude = up;
        for (int step = 0; step < MOST_STEPS; step++) {
            double sine = Math.sin(latitude);
            double c = Math.tan(latitude) / normal(latitude);
            double m = distance(latitude);
            double slope = (1 - es) * Math.pow(normal(latitude), 3);
            double both = m * m + square;
            double twice = Math.sin(2 * latitude);
            double change = (up * (c * m + 1) - m - both * c / 2)
                    / (es * twice * (both - 2 * up * m) / (4 * c) + (up - m) * (c * slope - 2 / twice) - slope);
            latitude -= change;
            if (Math.abs(change) < CLOSE) {
                out.x = Math.asin(x * Math.tan(latitude) / normal(latitude)) / sine;
                out.y = latitude;
                return out;
            }
        }
        throw new InvalidValueException("the point lies outside what a polyconic projection can tell");
    }

    @Override
    public boolean hasInverse() {
        return true;
    }

    @Override
    public String toString() {
        return "Polyconic";
    }
}
