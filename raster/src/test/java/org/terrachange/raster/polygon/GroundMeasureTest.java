package org.terrachange.raster.polygon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;

/// Expected numbers come from PROJ 9.5 (`Geod.polygon_area_perimeter`, WGS 84) where no formula is given.
class GroundMeasureTest {
    private static final GroundMeasure LON_LAT = new GroundMeasure.Ellipsoid(new SceneLonLat(0, c -> c));

    @Test
    void aQuadrangleOfPixelsOnAGeographicGridIsMeasuredExactly() throws ParseException {
        // Edges of the reference follow meridians and parallels in 2,000 steps each.
        Polygon munich = polygon("POLYGON ((11.5 48.1, 11.6 48.1, 11.6 48.2, 11.5 48.2, 11.5 48.1))");
        assertThat(LON_LAT.area(munich).orElseThrow()).isCloseTo(82_737_510.926, within(0.01));
        assertThat(LON_LAT.perimeter(munich)).isCloseTo(37_120.396, within(0.001));
    }

    @Test
    void slantedEdgesAreStraightInLongitudeAndLatitude() throws ParseException {
        Polygon triangle = polygon("POLYGON ((25 69.9, 25.05 69.9, 25.02 69.95, 25 69.9))");
        assertThat(LON_LAT.area(triangle).orElseThrow()).isCloseTo(5_346_416.42, within(0.05));
        assertThat(LON_LAT.perimeter(triangle)).isCloseTo(13_244.247, within(0.001));
    }

    @Test
    void aCitySizedGeodesicPolygonDiffersByLessThanAThousandth() throws ParseException {
        Polygon houston = polygon("POLYGON ((-95.4 29.7, -95.37 29.7, -95.37 29.72, -95.4 29.72, -95.4 29.7))");
        assertThat(LON_LAT.area(houston).orElseThrow()).isCloseTo(6_435_737.66, Percentage.withPercentage(0.001));
        Polygon triangle = polygon("POLYGON ((25 69.9, 25.05 69.9, 25.02 69.95, 25 69.9))");
        assertThat(LON_LAT.area(triangle).orElseThrow()).isCloseTo(5_350_490.85, Percentage.withPercentage(0.1));
    }

    @Test
    void holesCountAgainstTheAreaAndTowardsThePerimeter() throws ParseException {
        Polygon solid = polygon("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0))");
        Polygon hole = polygon("POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))");
        Polygon holed = polygon("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))");
        assertThat(LON_LAT.area(holed).orElseThrow())
                .isCloseTo(
                        LON_LAT.area(solid).orElseThrow() - LON_LAT.area(hole).orElseThrow(), within(1e-3));
        assertThat(LON_LAT.perimeter(holed))
                .isCloseTo(LON_LAT.perimeter(solid) + LON_LAT.perimeter(hole), within(1e-6));
        var plane = new GroundMeasure.Plane(0.5);
        assertThat(plane.area(holed)).hasValue(2);
        assertThat(plane.perimeter(holed)).isEqualTo(8);
    }

    @Test
    void theWholeGlobeHasItsKnownArea() throws ParseException {
        Polygon globe = polygon("POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))");
        assertThat(LON_LAT.area(globe).orElseThrow()).isCloseTo(510_065_621_724_089.0, within(1e6));
    }

    @Test
    void aProjectionThatJumpsAtTheDateLineIsMeasuredAcrossIt() throws ParseException {
        UnaryOperator<Coordinate> jumping = c -> new Coordinate(c.x > 180 ? c.x - 360 : c.x, c.y);
        Grid grid = new Grid(100, 100, Optional.of(Affine.northUp(179.5, -16.5, 0.01, 0.01)), Optional.empty());
        var measure = new GroundMeasure.Ellipsoid(SceneLonLat.of(grid, jumping));
        Polygon fiji = polygon("POLYGON ((179.99 -17.01, 180.01 -17.01, 180.01 -16.99, 179.99 -16.99, 179.99 -17.01))");
        assertThat(measure.area(fiji).orElseThrow()).isCloseTo(4_713_883.12, Percentage.withPercentage(0.001));
        assertThat(measure.perimeter(fiji)).isCloseTo(8_686.203, within(0.01));
    }

    @Test
    void aSceneOverAPoleIsMeasuredAlikeOnAllSides() throws Exception {
        Grid antarctica = Grid.of(1000, 1000, Affine.northUp(-500_000, 500_000, 1000, 1000), Crs.ofEpsg(3031));
        SceneLonLat lonLat = SceneLonLat.of(antarctica);
        assertThat(lonLat.overPole()).isTrue();
        GroundMeasure measure = GroundMeasure.of(antarctica, lonLat);

        // EPSG:3031 is true to scale at 71 degrees south, so that ground at the pole is 1.0555 times as large.
        for (int[] at : new int[][] {{0, 300}, {300, 0}, {0, -300}, {-300, 0}, {-301, -1}, {-1, -301}, {-1, 299}}) {
            Polygon square = square(1000 * at[0], 1000 * at[1], 1000);
            assertThat(measure.area(square).orElseThrow())
                    .as("%d, %d", at[0], at[1])
                    .isCloseTo(1_055_500, Percentage.withPercentage(0.3));
            assertThat(measure.perimeter(square)).isCloseTo(4_109, within(10.0));
        }
        // A ring of many short edges around the pole.
        assertThat(measure.area(circle(100_000)).orElseThrow())
                .isCloseTo(Math.PI * 1e10 * 1.0565, Percentage.withPercentage(0.3));

        Grid beside = Grid.of(100, 100, Affine.northUp(200_000, 500_000, 1000, 1000), Crs.ofEpsg(3031));
        assertThat(SceneLonLat.of(beside).overPole()).isFalse();
        Grid mercator = Grid.of(100, 100, Affine.northUp(-2e7, 2e7, 4e5, 4e5), Crs.ofEpsg(3857));
        assertThat(SceneLonLat.of(mercator).overPole()).isFalse();
    }

    private static Polygon square(double x, double y, double side) throws ParseException {
        return polygon(String.format(
                Locale.ROOT,
                "POLYGON ((%1$f %2$f, %3$f %2$f, %3$f %4$f, %1$f %4$f, %1$f %2$f))",
                x,
                y,
                x + side,
                y + side));
    }

    private static Polygon circle(double radius) {
        Coordinate[] ring = new Coordinate[721];
        for (int i = 0; i < ring.length; i++) {
            double angle = 2 * Math.PI * (i % 720) / 720;
            ring[i] = new Coordinate(radius * Math.cos(angle), radius * Math.sin(angle));
        }
        return new GeometryFactory().createPolygon(ring);
    }

    @Test
    void webMercatorIsMeasuredOnTheEllipsoidAndAnEqualAreaPlaneOnThePlane() throws ParseException {
        Grid paris = new Grid(1000, 1000, Optional.of(Affine.northUp(261_100, 6_249_950, 1, 1)), Optional.empty());
        SceneLonLat mercator = SceneLonLat.of(paris, GroundMeasureTest::fromWebMercator);
        GroundMeasure measure = GroundMeasure.ofProjected(paris, 1, mercator);
        assertThat(measure).isInstanceOf(GroundMeasure.Ellipsoid.class);
        Polygon square =
                polygon("POLYGON ((261100 6248950, 262100 6248950, 262100 6249950, 261100 6249950, 261100 6248950))");
        double cosine = Math.cos(Math.toRadians(48.85));
        // The sphere of the projection and the ellipsoid differ by less than one per cent here.
        assertThat(measure.area(square).orElseThrow()).isCloseTo(1e6 * cosine * cosine, Percentage.withPercentage(1));

        double metresPerDegree = 111_319.49;
        Grid equator = new Grid(10, 10, Optional.of(Affine.northUp(0, 50, 10, 10)), Optional.empty());
        SceneLonLat plate = SceneLonLat.of(equator, c -> new Coordinate(c.x / metresPerDegree, c.y / metresPerDegree));
        assertThat(GroundMeasure.ofProjected(equator, 1, plate)).isEqualTo(new GroundMeasure.Plane(1));
    }

    @Test
    void aPlainPictureHasLengthsInPixelsAndNoArea() throws ParseException {
        GroundMeasure measure = new GroundMeasure.Pixels();
        Polygon square = polygon("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))");
        assertThat(measure.area(square)).isEmpty();
        assertThat(measure.perimeter(square)).isEqualTo(8);
    }

    private static Coordinate fromWebMercator(Coordinate c) {
        double radius = 6_378_137;
        return new Coordinate(
                Math.toDegrees(c.x / radius), Math.toDegrees(2 * Math.atan(Math.exp(c.y / radius)) - Math.PI / 2));
    }

    private static Polygon polygon(String wkt) throws ParseException {
        return (Polygon) new WKTReader().read(wkt);
    }
}
