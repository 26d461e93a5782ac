package org.terrachange.raster;

import org.jspecify.annotations.Nullable;
import org.locationtech.proj4j.BasicCoordinateTransform;
import org.locationtech.proj4j.CRSFactory;
import org.locationtech.proj4j.Proj4jException;
import org.locationtech.proj4j.ProjCoordinate;

/// Coordinates of one CRS to WGS 84 by proj4j.
final class Proj4Transform implements Crs.Transform {
    private final BasicCoordinateTransform transform;
    private final double scale;
    private final String name;

    private Proj4Transform(BasicCoordinateTransform transform, double scale, String name) {
        this.transform = transform;
        this.scale = scale;
        this.name = name;
    }

    /// @param name the CRS, for messages
    static Proj4Transform toWgs84(Proj4Definition definition, String name) throws CrsException {
        CRSFactory factory = new CRSFactory();
        try {
            return new Proj4Transform(
                    new BasicCoordinateTransform(
                            factory.createFromParameters(
                                    name, definition.parameters().toArray(String[]::new)),
                            factory.createFromParameters("WGS 84", "+proj=longlat +datum=WGS84")),
                    definition.coordinateScale(),
                    name);
        } catch (Proj4jException | IllegalArgumentException e) {
            throw new CrsException(
                    name,
                    "cannot be converted to longitude and latitude (" + e.getMessage()
                            + "); reproject the image to a common system, such as UTM",
                    e);
        }
    }

    @Override
    public synchronized double[] apply(double x, double y) throws CrsException {
        ProjCoordinate result = new ProjCoordinate();
        try {
            transform.transform(new ProjCoordinate(x * scale, y * scale), result);
        } catch (Proj4jException e) {
            throw outside(x, y, e);
        }
        // Written so that NaN fails too.
        if (!(Math.abs(result.x) <= 180 + 1e-9 && Math.abs(result.y) <= 90 + 1e-9)) {
            throw outside(x, y, null);
        }
        return new double[] {result.x, result.y};
    }

    private CrsException outside(double x, double y, @Nullable Throwable cause) {
        String problem = "the point (" + x + ", " + y + ") lies outside the area that this system covers";
        return cause == null ? new CrsException(name, problem) : new CrsException(name, problem, cause);
    }
}
