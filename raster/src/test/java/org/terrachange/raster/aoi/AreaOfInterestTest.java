package org.terrachange.raster.aoi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ByteOrderValues;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBWriter;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.Window;
import org.terrachange.raster.polygon.SceneLonLat;
import org.terrachange.raster.vector.ChangeFeature;
import org.terrachange.raster.vector.FeatureWriter;
import org.terrachange.raster.vector.GeoPackage;
import org.terrachange.raster.vector.Layer;

class AreaOfInterestTest {
    /// UTM zone 33 north near Berlin, two metres a pixel.
    private static final Grid GRID = Grid.of(300, 200, Affine.northUp(390_000, 5_820_000, 2, 2), Crs.ofEpsg(32633));

    private static final GeometryFactory GEOMETRY = new GeometryFactory();

    private static final String UTM = "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"EPSG:32633\"}}";

    @TempDir
    Path folder;

    @Test
    void thePixelsWhoseCentreLiesInThePolygonAreInside() throws IOException {
        AreaOfInterest area = area(square(390_010, 5_819_900, 390_030.9, 5_819_980));
        assertThat(area.bounds()).isEqualTo(new Window(5, 10, 10, 40));
        assertThat(area.pixels()).isEqualTo(400);
    }

    @Test
    void clippingKeepsWhatIsInsideAndClearsTheRest() throws IOException {
        AreaOfInterest area = area(square(390_010, 5_819_900, 390_030, 5_819_980));
        byte[] mask = new byte[20 * 20];
        Arrays.fill(mask, (byte) 7);
        mask[399] = 0;
        area.clip(new Window(0, 0, 20, 20), mask);
        for (int i = 0; i < mask.length; i++) {
            boolean inside = i % 20 >= 5 && i % 20 < 15 && i / 20 >= 10;
            assertThat(mask[i]).isEqualTo((byte) (inside ? 7 : 0));
        }
    }

    @Test
    void holesAreOutsideAndOverlappingPolygonsAddUp() throws IOException {
        String hole = "[[390010, 5819990], [390050, 5819990], [390050, 5819950], [390010, 5819950], [390010, 5819990]],"
                + "[[390020, 5819980], [390040, 5819980], [390040, 5819960], [390020, 5819960], [390020, 5819980]]";
        String inTheHole = "[[390022, 5819978], [390030, 5819978], [390030, 5819970], [390022, 5819970]]";
        String overTheRim = "[[390000, 5820000], [390012, 5820000], [390012, 5819988], [390000, 5819988]]";
        AreaOfInterest area = area("{\"type\": \"MultiPolygon\", " + UTM + ", \"coordinates\": [[" + hole + "], ["
                + inTheHole + "], [" + overTheRim + "]]}");
        assertThat(area.pixels()).isEqualTo(20 * 20 - 10 * 10 + 4 * 4 + 6 * 6 - 1);
    }

    @Test
    void neighboursShareNoPixelAndLeaveNoneOut() throws IOException {
        String left = "[[390000, 5820000], [390301, 5820000], [390177, 5819600], [390000, 5819600]]";
        String right = "[[390600, 5820000], [390301, 5820000], [390177, 5819600], [390600, 5819600]]";
        long one = area(polygons(left)).pixels();
        long other = area(polygons(right)).pixels();
        assertThat(one + other).isEqualTo(300 * 200);
        assertThat(area(polygons(left, right)).pixels()).isEqualTo(300 * 200);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 200, 5000})
    void randomPolygonsEqualTheSlowTestOfEveryPixel(int vertices) throws IOException, ParseException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("AreaOfInterestTest: seed " + seed);
        var random = new SplittableRandom(seed);
        var ring = new StringBuilder();
        String first = "";
        for (int i = 0; i < vertices; i++) {
            double angle = 2 * Math.PI * i / vertices;
            double radius = 50 + 400 * random.nextDouble();
            String position = String.format(
                    Locale.ROOT,
                    "[%.4f, %.4f]",
                    390_300 + radius * Math.cos(angle),
                    5_819_800 + radius * Math.sin(angle));
            first = i == 0 ? position : first;
            ring.append(position).append(", ");
        }
        String json = polygons("[" + ring + first + "]");
        AreaOfInterest area = area(json);
        var locator = new IndexedPointInAreaLocator(new GeoJsonReader().read(json));
        byte[] mask = mask(area, GRID.window());
        Affine map = GRID.transform().orElseThrow();
        for (int i = 0; i < mask.length; i++) {
            int location = locator.locate(
                    new Coordinate(map.x(i % 300 + 0.5, i / 300 + 0.5), map.y(i % 300 + 0.5, i / 300 + 0.5)));
            if (location != Location.BOUNDARY && mask[i] != (location == Location.INTERIOR ? 1 : 0)) {
                fail("pixel %d is %d, its centre is %s", i, mask[i], Location.toLocationSymbol(location));
            }
        }
        for (int i = 0; i < 15; i++) {
            int x = random.nextInt(300);
            int y = random.nextInt(200);
            var window = new Window(x, y, 1 + random.nextInt(300 - x), 1 + random.nextInt(200 - y));
            byte[] part = mask(area, window);
            byte[] expected = new byte[part.length];
            boolean any = false;
            for (int p = 0; p < part.length; p++) {
                expected[p] = mask[(y + p / window.width()) * 300 + x + p % window.width()];
                any |= expected[p] != 0;
            }
            assertThat(part).isEqualTo(expected);
            assertThat(area.touches(window)).isEqualTo(any);
        }
    }

    @Test
    void longEdgesInLongitudeAndLatitudeAreFollowedToAQuarterOfAPixel() throws IOException, ParseException {
        // 60 km across, on which a line straight in degrees bends away from one straight in UTM by 400 m.
        var grid = Grid.of(600, 600, Affine.northUp(600_000, 6_700_000, 100, 100), Crs.ofEpsg(32633));
        String json = "{\"type\": \"Polygon\", \"coordinates\":"
                + " [[[16.9, 59.95], [17.8, 59.95], [17.9, 60.4], [16.95, 60.38], [16.9, 59.95]]]}";
        byte[] mask = mask(area(json, grid), grid.window());
        Geometry polygon = new GeoJsonReader().read(json);
        var locator = new IndexedPointInAreaLocator(polygon);
        Affine map = grid.transform().orElseThrow();
        Crs.Transform toWgs84 = grid.crs().orElseThrow().toWgs84();
        int inside = 0;
        for (int i = 0; i < mask.length; i++) {
            Coordinate centre = lonLat(map, toWgs84, i % 600 + 0.5, i / 600 + 0.5);
            boolean expected = locator.locate(centre) == Location.INTERIOR;
            inside += expected ? 1 : 0;
            if (mask[i] != (expected ? 1 : 0)) {
                double distance =
                        polygon.getBoundary().distance(polygon.getFactory().createPoint(centre));
                // A quarter of a pixel is 25 m; a degree of longitude here is 55.8 km, of latitude twice that.
                assertThat(distance).as("pixel %d", i).isLessThan(25 / 55_800.0);
            }
        }
        assertThat(inside).isGreaterThan(100_000);
    }

    private static Coordinate lonLat(Affine map, Crs.Transform toWgs84, double column, double row) throws CrsException {
        double[] position = toWgs84.apply(map.x(column, row), map.y(column, row));
        return new Coordinate(position[0], position[1]);
    }

    @Test
    void anAreaAsLargeAsTheWorldHoldsEveryPixel() throws IOException {
        String world = "{\"type\": \"Polygon\", \"coordinates\":"
                + " [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]}";
        assertThat(area(world).pixels()).isEqualTo(300 * 200);
    }

    @Test
    void anAreaCutAtThe180thMeridianIsWholeOnAnImageAcrossIt() throws IOException {
        Crs pacific = Crs.ofEpsg(3832);
        double meridian = Crs.ofEpsg(4326).to(pacific).apply(180, 0)[0];
        var across = Grid.of(400, 100, Affine.northUp(meridian - 20_000, 5_000, 100, 100), pacific);
        String cut = "{\"type\": \"MultiPolygon\", \"coordinates\": ["
                + "[[[179.95, -1], [180, -1], [180, 1], [179.95, 1], [179.95, -1]]],"
                + "[[[-180, -1], [-179.9, -1], [-179.9, 1], [-180, 1], [-180, -1]]]]}";
        String running = "{\"type\": \"Polygon\", \"coordinates\":"
                + " [[[179.95, -1], [180.1, -1], [180.1, 1], [179.95, 1], [179.95, -1]]]}";
        AreaOfInterest area = area(cut, across);
        double metresPerDegree = Math.toRadians(6_378_137);
        assertThat(area.bounds().width()).isEqualTo((int) Math.round(0.15 * metresPerDegree / 100));
        assertThat(area.bounds().height()).isEqualTo(100);
        assertThat(mask(area(running, across), across.window())).isEqualTo(mask(area, across.window()));
    }

    @Test
    void aGeographicImageThatCountsLongitudesTo360IsMet() throws IOException {
        var grid = Grid.of(360, 180, Affine.northUp(0, 90, 1, 1), Crs.ofEpsg(4326));
        AreaOfInterest area = area(
                "{\"type\": \"Polygon\", \"coordinates\": [[[-90, 10], [-80, 10], [-80, 20], [-90, 20], [-90, 10]]]}",
                grid);
        assertThat(area.bounds()).isEqualTo(new Window(270, 70, 10, 10));
    }

    @Test
    void aPolarImageHasItsPoleInAnAreaOfTheArctic() throws IOException {
        var grid = Grid.of(200, 200, Affine.northUp(-1_000_000, 1_000_000, 10_000, 10_000), Crs.ofEpsg(3995));
        String arctic = "{\"type\": \"Polygon\", \"coordinates\":"
                + " [[[-180, 85], [180, 85], [180, 90], [-180, 90], [-180, 85]]]}";
        AreaOfInterest area = area(arctic, grid);
        // Five degrees of latitude around the pole are a circle of 543 km in this projection (true at 71 degrees).
        assertThat(area.pixels() * 1e8).isBetween(0.99 * Math.PI * 543e3 * 543e3, 1.01 * Math.PI * 543e3 * 543e3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "urn:ogc:def:crs:EPSG::32633 | 390100 5819900",
                "EPSG:32633                  | 390100 5819900",
                "epsg:25833                  | 390100 5819900",
                "urn:ogc:def:crs:OGC:1.3:CRS84 | 13.3812 52.5172"
            })
    void anOldStyleCrsMemberIsHonouredWhereverItStands(String name, String corner) throws IOException {
        double x = Double.parseDouble(corner.split(" ")[0]);
        double y = Double.parseDouble(corner.split(" ")[1]);
        double step = x > 180 ? 20 : 0.0003;
        String crs = "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"" + name + "\"}}";
        String features = "\"features\": [{\"type\": \"Feature\", \"properties\": {\"coordinates\": [1]}, \"geometry\":"
                + " {\"coordinates\": [[[%s, %s, 7], [%s, %s], [%s, %s], [%s, %s]]], \"type\": \"Polygon\"}}]"
                        .formatted(x, y, x + step, y, x + step, y + step, x, y + step);
        long before = area("{\"type\": \"FeatureCollection\", " + crs + ", " + features + "}")
                .pixels();
        long after = area("{" + features + ", " + crs + ", \"type\": \"FeatureCollection\"}")
                .pixels();
        assertThat(before).isEqualTo(after).isBetween(80L, 200L);
    }

    @Test
    void otherGeometriesArePassedOver() throws IOException {
        AreaOfInterest area = area("{\"type\": \"GeometryCollection\", " + UTM + ", \"geometries\": ["
                + "{\"type\": \"Point\", \"coordinates\": [390001, 5819999]},"
                + "{\"type\": \"MultiLineString\", \"coordinates\": [[[390001, 5819999], [390101, 5819900]]]},"
                + "{\"type\": \"Polygon\", \"coordinates\": [[[390010, 5819990], [390020, 5819990],"
                + " [390020, 5819980], [390010, 5819980], [390010, 5819990]]]}]}");
        assertThat(area.pixels()).isEqualTo(25);
    }

    @Test
    void everyTableOfAGeoPackageCountsEachInItsOwnCrs() throws IOException, SQLException {
        Path file = folder.resolve("area.gpkg");
        var lonLat = new SceneLonLat(13, c -> c);
        try (FeatureWriter writer = new GeoPackage()
                .open(file, Layer.onGround("utm", new Layer.GroundReference(Crs.ofEpsg(32633), lonLat)))) {
            writer.write(feature(1, 390_010, 5_819_980, 390_030, 5_820_000));
            writer.write(feature(2, 390_100, 5_819_980, 390_110, 5_820_000));
            writer.commit();
        }
        assertThat(AreaOfInterest.open(file, GRID).pixels()).isEqualTo(100 + 50);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            for (String sql : List.of(
                    "CREATE TABLE \"so \"\"called\"\" plots\" (fid INTEGER PRIMARY KEY, shape BLOB)",
                    "INSERT INTO gpkg_contents (table_name, data_type, srs_id)"
                            + " VALUES ('so \"called\" plots', 'features', 4326)",
                    "INSERT INTO gpkg_geometry_columns VALUES ('so \"called\" plots', 'shape', 'GEOMETRY', 4326, 0, 0)",
                    "INSERT INTO \"so \"\"called\"\" plots\" VALUES (1, NULL)")) {
                connection.createStatement().execute(sql);
            }
            Geometry square = GEOMETRY.toGeometry(new Envelope(13.3812, 13.3815, 52.5172, 52.5175));
            Geometry nested = GEOMETRY.createGeometryCollection(new Geometry[] {
                GEOMETRY.createPoint(new Coordinate(13.38, 52.517)),
                GEOMETRY.createGeometryCollection(new Geometry[] {square})
            });
            try (var insert = connection.prepareStatement("INSERT INTO \"so \"\"called\"\" plots\" VALUES (2, ?)")) {
                insert.setBytes(1, binary(nested));
                insert.executeUpdate();
            }
        }
        // 0.0003 degrees are 20.4 m by 33.4 m here.
        assertThat(AreaOfInterest.open(file, GRID).pixels() - 150).isBetween(160L, 182L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE gpkg_spatial_ref_sys SET organization = 'NONE' WHERE srs_id = 32633 | has no EPSG code",
                "UPDATE utm SET geom = x'00' | a geometry without the header that GeoPackage prescribes",
                "UPDATE utm SET geom = x'4750000100000000' | a geometry without the header",
                "UPDATE utm SET geom = x'475000010000000001030000000100' | a geometry that cannot be read",
                "DELETE FROM utm | holds no polygon",
                "DROP TABLE utm | cannot be read as a GeoPackage",
                "DROP TABLE gpkg_geometry_columns | cannot be read as a GeoPackage"
            })
    void aGeoPackageOfNoUseIsRefusedByNameAndReason(String damage, String message) throws IOException, SQLException {
        Path file = folder.resolve("area.gpkg");
        var ground = new Layer.GroundReference(Crs.ofEpsg(32633), new SceneLonLat(13, c -> c));
        try (FeatureWriter writer = new GeoPackage().open(file, Layer.onGround("utm", ground))) {
            writer.write(feature(1, 390_010, 5_819_980, 390_030, 5_820_000));
            writer.commit();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            for (int i = 1; i <= 4; i++) {
                connection.createStatement().execute("DROP TRIGGER rtree_utm_geom_update" + i);
            }
            connection.createStatement().execute("DROP TRIGGER rtree_utm_geom_delete");
            connection.createStatement().execute(damage);
        }
        assertThatThrownBy(() -> AreaOfInterest.open(file, GRID))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    private static ChangeFeature feature(long id, double west, double south, double east, double north) {
        return new ChangeFeature(
                id,
                "0,0",
                (Polygon) GEOMETRY.toGeometry(new Envelope(west, east, south, north)),
                1,
                OptionalDouble.empty(),
                4,
                1,
                1,
                Optional.empty(),
                Optional.empty());
    }

    /// A GeoPackage geometry without envelope.
    private static byte[] binary(Geometry geometry) {
        byte[] body = new WKBWriter(2, ByteOrderValues.BIG_ENDIAN).write(geometry);
        return ByteBuffer.allocate(8 + body.length)
                .put("GP".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0)
                .put((byte) 0)
                .putInt(4326)
                .put(body)
                .array();
    }

    @Test
    void anAreaElsewhereIsRefusedWithBothFootprints() {
        assertThatThrownBy(() -> area("{\"type\": \"Polygon\", \"coordinates\":"
                        + " [[[2.1, 48.8], [2.4, 48.8], [2.4, 48.9], [2.1, 48.8]]]}"))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("area.geojson: no pixel of the image lies in its polygons")
                .hasMessageContaining("the image covers longitude 13.3")
                .hasMessageContaining("the polygons longitude 2.10000 to 2.40000, latitude 48.80000 to 48.90000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"Point\", \"coordinates\": [1, 2]} | holds no polygon; draw the area of interest",
                "{} | holds no polygon",
                "{\"type\": \"Polygon\", \"coordinates\": [[[1, 2], [3 | is no valid JSON",
                "{\"type\": \"Polygon\", \"coordinates\": [[[1, \"a\"]]]} | coordinates that are no numbers (line 1)",
                "{\"type\": \"Polygon\", \"coordinates\": [[[1], [2]]]} | position of fewer than two numbers",
                "{\"type\": \"Polygon\", \"coordinates\": [[[390000, 5820000]]]} | is no longitude and latitude;",
                "{\"crs\": {\"type\": \"link\"}} | names no EPSG code (none at all)",
                "{\"crs\": null} | names no EPSG code",
                "{\"crs\": {\"properties\": {\"name\": \"EPSG:99999\"}}} | EPSG:99999",
                "<kml/> | is neither GeoJSON nor a GeoPackage"
            })
    void aFileOfNoUseIsRefusedByNameAndReason(String json, String message) {
        assertThatThrownBy(() -> area(json))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(folder.resolve("area.geojson").toString())
                .hasMessageContaining(message);
    }

    @Test
    void aMissingFileAndAPictureWithoutGroundAreRefused() throws IOException {
        assertThatThrownBy(() -> AreaOfInterest.open(folder.resolve("none.geojson"), GRID))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("does not exist");
        Path file = folder.resolve("area.geojson");
        Files.writeString(file, square(390_010, 5_819_900, 390_030, 5_819_980));
        assertThatThrownBy(() -> AreaOfInterest.open(file, Grid.plain(10, 10)))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("which has no georeference");
    }

    @Test
    void aWindowBeyondTheImageIsRefused() throws IOException {
        AreaOfInterest area = area(square(390_010, 5_819_900, 390_030, 5_819_980));
        assertThatThrownBy(() -> area.touches(new Window(299, 0, 2, 1))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> area.clip(new Window(0, 0, 2, 2), new byte[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AreaOfInterest area(String json) throws IOException {
        return area(json, GRID);
    }

    private AreaOfInterest area(String json, Grid grid) throws IOException {
        Path file = folder.resolve("area.geojson");
        Files.writeString(file, json);
        return AreaOfInterest.open(file, grid);
    }

    private static byte[] mask(AreaOfInterest area, Window window) {
        byte[] mask = new byte[(int) window.area()];
        Arrays.fill(mask, (byte) 1);
        area.clip(window, mask);
        return mask;
    }

    private static String polygons(String... rings) {
        return "{\"type\": \"MultiPolygon\", " + UTM + ", \"coordinates\": [[" + String.join("], [", rings) + "]]}";
    }

    private static String square(double west, double south, double east, double north) {
        return "{\"type\": \"Polygon\", %s, \"coordinates\": [[[%s, %s], [%s, %s], [%s, %s], [%s, %s], [%s, %s]]]}"
                .formatted(UTM, west, south, east, south, east, north, west, north, west, south);
    }
}
