package org.terrachange.raster.polygon;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.impl.CoordinateArraySequence;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;

/// How to measure shapes given in the ground coordinates of a grid.
public sealed interface GroundMeasure {

    /// The area in square metres; absent where the ground is unknown.
    OptionalDouble area(Polygon polygon);

    /// The length of a line in metres, or in pixels where the ground is unknown.
    double length(LineString line);

    /// The length of all rings, holes included, in the unit of [#length].
    default double perimeter(Polygon polygon) {
        double sum = length(polygon.getExteriorRing());
        for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
            sum += length(polygon.getInteriorRingN(i));
        }
        return sum;
    }

    /// The measure that suits a grid on known ground: [Ellipsoid] for a geographic CRS, and for a projected one what
    /// [#ofProjected] says. A plain picture has [Pixels].
    ///
    /// @param lonLat of the scene on this grid
    static GroundMeasure of(Grid grid, SceneLonLat lonLat) {
        Crs crs = grid.crs().orElseThrow();
        return crs.isGeographic() ? new Ellipsoid(lonLat) : ofProjected(grid, crs.metresPerUnit(), lonLat);
    }

    /// [Plane] where the projection shows a pixel in the middle of the scene within one per cent of its true
    /// area, as projections made for surveying do, otherwise [Ellipsoid]: Web Mercator shows Paris 2.3 times
    /// too large.
    ///
    /// @param grid with an affine map
    /// @param metresPerUnit length of one unit of the ground coordinates
    static GroundMeasure ofProjected(Grid grid, double metresPerUnit, SceneLonLat lonLat) {
        Affine map = grid.transform().orElseThrow().shifted(grid.width() / 2.0, grid.height() / 2.0);
        int[][] corners = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
        Polygon pixel = new GeometryFactory()
                .createPolygon(Arrays.stream(corners)
                        .map(c -> new Coordinate(map.x(c[0], c[1]), map.y(c[0], c[1])))
                        .toArray(Coordinate[]::new));
        var plane = new Plane(metresPerUnit);
        var ellipsoid = new Ellipsoid(lonLat);
        double ratio = plane.area(pixel).orElseThrow() / ellipsoid.area(pixel).orElseThrow();
        return Math.abs(ratio - 1) < 0.01 ? plane : ellipsoid;
    }

    /// A picture of nowhere: lengths in pixels, no areas.
    record Pixels() implements GroundMeasure {
        @Override
        public OptionalDouble area(Polygon polygon) {
            return OptionalDouble.empty();
        }

        @Override
        public double length(LineString line) {
            return line.getLength();
        }
    }

    /// The plane of a projected CRS, whose units are taken at face value.
    ///
    /// @param metresPerUnit length of one unit of the ground coordinates
    record Plane(double metresPerUnit) implements GroundMeasure {
        @Override
        public OptionalDouble area(Polygon polygon) {
            return OptionalDouble.of(polygon.getArea() * metresPerUnit * metresPerUnit);
        }

        @Override
        public double length(LineString line) {
            return line.getLength() * metresPerUnit;
        }
    }

    /// The WGS 84 ellipsoid, with edges that are straight in longitude and latitude. For edges that follow
    /// meridians and parallels that is exact; a geodesic polygon of the size of a city differs by less than 0.1
    /// %.
    ///
    /// @param lonLat of the scene that the shapes lie in
    record Ellipsoid(SceneLonLat lonLat) implements GroundMeasure {
        @Override
        public OptionalDouble area(Polygon polygon) {
            double area = area(polygon.getExteriorRing());
            for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
                area -= area(polygon.getInteriorRingN(i));
            }
            return OptionalDouble.of(area);
        }

        private double area(LineString ring) {
            return Wgs84.area(new CoordinateArraySequence(lonLat.ring(ring.getCoordinates())));
        }

        @Override
        public double length(LineString line) {
            return Wgs84.length(new CoordinateArraySequence(lonLat.along(line.getCoordinates())));
        }
    }
}
