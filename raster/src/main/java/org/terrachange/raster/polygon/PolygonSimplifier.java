package org.terrachange.raster.polygon;

import java.util.HashMap;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.simplify.TopologyPreservingSimplifier;

/// Straightens the stairs that pixels leave in outlines (Douglas and Peucker 1973, with crossings forbidden).
///
/// Holes stay, and the result is a valid polygon with an area; where simplification would not give one, the
/// polygon comes back as it was. Each polygon is treated by itself, so two that touch at a corner may overlap
/// by less than the tolerance afterwards.
public final class PolygonSimplifier {
    private PolygonSimplifier() {}

    /// Simplifies one polygon.
    ///
    /// @param polygon valid
    /// @param distance how far the outline may move, in the units of the coordinates; from about 0.75 pixels
    ///     on, stairs become slopes
    public static Polygon simplify(Polygon polygon, double distance) {
        if (!(distance > 0)) {
            return polygon;
        }
        return TopologyPreservingSimplifier.simplify(polygon, distance) instanceof Polygon simplified
                        && simplified.getArea() > 0
                        && simplified.getNumInteriorRing() == polygon.getNumInteriorRing()
                        && touchesAtVerticesOnly(simplified, polygon)
                        && simplified.isValid()
                ? simplified
                : polygon;
    }

    /// Whether rings still touch where they touched before, or nowhere. A vertex left touching the middle of
    /// another ring's edge would be valid here, but not after the coordinates are rounded or projected.
    private static boolean touchesAtVerticesOnly(Polygon simplified, Polygon polygon) {
        if (polygon.getNumInteriorRing() == 0) {
            return true;
        }
        Map<Coordinate, Integer> after = ringsPerVertex(simplified);
        for (var vertex : ringsPerVertex(polygon).entrySet()) {
            int rings = vertex.getValue();
            if (rings > 1 && after.getOrDefault(vertex.getKey(), rings) != rings) {
                return false;
            }
        }
        return true;
    }

    private static Map<Coordinate, Integer> ringsPerVertex(Polygon polygon) {
        var rings = new HashMap<Coordinate, Integer>();
        count(polygon.getExteriorRing(), rings);
        for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
            count(polygon.getInteriorRingN(i), rings);
        }
        return rings;
    }

    private static void count(LinearRing ring, Map<Coordinate, Integer> rings) {
        for (int i = 1; i < ring.getNumPoints(); i++) {
            rings.merge(ring.getCoordinateN(i), 1, Integer::sum);
        }
    }
}
