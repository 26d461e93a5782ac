package org.terrachange.raster;

import org.jspecify.annotations.Nullable;
import org.locationtech.proj4j.BasicCoordinateTransform;
import org.locationtech.proj4j.CoordinateReferenceSystem;
import org.locationtech.proj4j.Proj4jException;
import org.locationtech.proj4j.ProjCoordinate;

/// Coordinates of one CRS to another by proj4j.
final class Proj4Transform implements Crs.Transform {
    private final BasicCoordinateTransform transform;
    private final Proj4Definition from;
    private final Proj4Definition to;
    private final String name;

    private Proj4Transform(BasicCoordinateTransform transform, Proj4Definition from, Proj4Definition to, String name) {
        this.transform = transform;
        this.from = from;
        this.to = to;
        this.name = name;
    }

    /// @param fromName the CRS that the points are in, for messages
    /// @param toName the CRS wanted, for messages
    static Proj4Transform between(Proj4Definition from, String fromName, Proj4Definition to, String toName)
            throws CrsException {
        CoordinateReferenceSystem source = created(from, fromName);
        CoordinateReferenceSystem target = created(to, toName);
        try {
            return new Proj4Transform(new BasicCoordinateTransform(source, target), from, to, fromName);
        } catch (Proj4jException | IllegalArgumentException e) {
            throw unusable(fromName, e);
        }
    }

    private static CoordinateReferenceSystem created(Proj4Definition definition, String name) throws CrsException {
        try {
            return Proj4System.of(name, definition);
        } catch (Proj4jException | IllegalArgumentException e) {
            throw unusable(name, e);
        }
    }

    private static CrsException unusable(String name, Exception cause) {
        return new CrsException(
                name,
                "cannot be converted to another system (" + cause.getMessage()
                        + "); reproject the image to a common one, such as UTM",
                cause);
    }

    @Override
    public synchronized double[] apply(double x, double y) throws CrsException {
        ProjCoordinate result = new ProjCoordinate();
        double first = x * from.coordinateScale();
        // proj4j takes a longitude beyond 180 degrees for 180 degrees.
        double east = from.isGeographic() ? Longitude.near(first, 0) : first;
        try {
            transform.transform(new ProjCoordinate(east, y * from.coordinateScale()), result);
        } catch (Proj4jException e) {
            throw outside(x, y, e);
        }
        if (!Double.isFinite(result.x)
                || !Double.isFinite(result.y)
                || (to.isGeographic() && (Math.abs(result.x) > 180 + 1e-9 || Math.abs(result.y) > 90 + 1e-9))) {
            throw outside(x, y, null);
        }
        return new double[] {result.x / to.coordinateScale(), result.y / to.coordinateScale()};
    }

    private CrsException outside(double x, double y, @Nullable Throwable cause) {
        String problem = "the point (" + x + ", " + y + ") lies outside the area that this system covers";
        return cause == null ? new CrsException(name, problem) : new CrsException(name, problem, cause);
    }
}
