package org.terrachange.raster.vector;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.terrachange.raster.Longitude;

/// Undoes what [LonLatOutline] does at the 180th meridian: parts that lie side by side on the Earth, but a turn
/// apart in their numbers, are brought side by side.
public final class DateLine {
    private DateLine() {}

    /// The shape with every part moved by whole turns, until its middle lies within half a turn of a meridian.
    /// Longitudes may then lie beyond 180 degrees.
    ///
    /// @param shape longitude and latitude in degrees
    /// @param longitude in degrees
    public static Geometry near(Geometry shape, double longitude) {
        List<Geometry> parts = new ArrayList<>();
        collect(shape, longitude, parts);
        return shape.getFactory().buildGeometry(parts);
    }

    private static void collect(Geometry shape, double longitude, List<Geometry> parts) {
        if (shape.getNumGeometries() != 1 || shape.getGeometryN(0) != shape) {
            for (int i = 0; i < shape.getNumGeometries(); i++) {
                collect(shape.getGeometryN(i), longitude, parts);
            }
        } else if (!shape.isEmpty()) {
            double turns = Longitude.turns(shape.getEnvelopeInternal().centre().x, longitude);
            parts.add(AffineTransformation.translationInstance(-turns, 0).transform(shape));
        }
    }

    /// The centroid of a shape, its longitude from -180 to 180.
    ///
    /// @param shape longitude and latitude in degrees; not empty
    public static Coordinate centre(Geometry shape) {
        double first = shape.getGeometryN(0).getEnvelopeInternal().centre().x;
        Coordinate centre = near(shape, first).getCentroid().getCoordinate();
        return new Coordinate(Longitude.near(centre.x, 0), centre.y);
    }
}
