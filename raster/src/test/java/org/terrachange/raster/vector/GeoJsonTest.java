package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.polygon.SceneLonLat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GeoJsonTest {
    private static final String GROUND_SQUARE =
            "POLYGON ((270000 3290000, 270500 3290000, 270500 3289500, 270000 3289500, 270000 3290000),"
                    + " (270100 3289900, 270100 3289800, 270200 3289800, 270200 3289900, 270100 3289900))";

    @TempDir
    Path folder;

    @Test
    void positionsOnTheGroundAreLongitudeAndLatitude() throws IOException, ParseException {
        Path file = write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, GROUND_SQUARE));
        JsonNode root = read(file);
        assertThat(root.get("type").asString()).isEqualTo("FeatureCollection");
        assertThat(root.has("crs")).isFalse();
        assertThat(root.has("coordinate_space")).isFalse();
        JsonNode first = root.at("/features/0/geometry/coordinates/0/0");
        assertThat(first.get(0).asDouble()).isEqualTo(-95.3776885);
        assertThat(first.get(1).asDouble()).isEqualTo(29.7188587);
        Polygon polygon = (Polygon) geometry(root, 0);
        assertThat(polygon.isValid()).isTrue();
        assertThat(polygon.getNumInteriorRing()).isEqualTo(1);
    }

    @Test
    void noPositionHasMoreThanSevenDecimals() throws IOException {
        Path file = write(Samples.onGround(OptionalInt.empty()), Samples.feature(1, GROUND_SQUARE));
        String coordinates = read(file).at("/features/0/geometry/coordinates").toString();
        assertThat(coordinates).contains(".").doesNotContainPattern("\\.\\d{8}").doesNotContainPattern("\\d[eE]");
    }

    @Test
    void shellsRunCounterClockwiseAndHolesClockwiseOnTheGroundAndInPixels() throws IOException, ParseException {
        String pixelSquare = "POLYGON ((0 0, 5 0, 5 5, 0 5, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))";
        for (JsonNode root : new JsonNode[] {
            read(write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(1, GROUND_SQUARE))),
            read(write(Samples.PIXELS, Samples.feature(1, pixelSquare)))
        }) {
            Polygon polygon = (Polygon) geometry(root, 0);
            assertThat(Orientation.isCCW(polygon.getExteriorRing().getCoordinateSequence()))
                    .isTrue();
            assertThat(Orientation.isCCW(polygon.getInteriorRingN(0).getCoordinateSequence()))
                    .isFalse();
        }
    }

    @Test
    void attributesKeepTheirTypesAndUnknownOnesAreNull() throws IOException {
        JsonNode feature = read(write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, GROUND_SQUARE)))
                .at("/features/0");
        assertThat(feature.get("id").asLong()).isEqualTo(7);
        assertThat(feature.get("properties").toString())
                .isEqualTo(
                        "{\"key\":\"270000.25,3289999.75\",\"pixels\":1234,\"area_m2\":308.5,\"perimeter_m\":87.25,\"mean_probability\":0.833333,"
                                + "\"max_probability\":0.99,\"before\":\"2017-03-01\",\"after\":null}");
    }

    @Test
    void aPlainPictureIsWrittenInPixelsAndSaysSo() throws IOException {
        Path file = write(Samples.PIXELS, Samples.feature(1, "POLYGON ((3 4, 6 4, 6 9, 3 9, 3 4))"));
        JsonNode root = read(file);
        assertThat(root.get("coordinate_space").asString()).startsWith("pixels").contains("not longitude and latitude");
        assertThat(root.at("/features/0/geometry/coordinates").toString())
                .isEqualTo("[[[3,4],[6,4],[6,9],[3,9],[3,4]]]");
        assertThat(root.get("bbox").toString()).isEqualTo("[3,4,6,9]");
        JsonNode properties = root.at("/features/0/properties");
        assertThat(properties.has("area_m2")).isFalse();
        assertThat(properties.get("perimeter_px").asDouble()).isEqualTo(87.25);
    }

    @Test
    void theBoxCoversAllFeatures() throws IOException {
        Path file = write(
                Samples.PIXELS,
                Samples.feature(1, "POLYGON ((3 4, 6 4, 6 9, 3 9, 3 4))"),
                Samples.feature(2, "POLYGON ((10 0, 11 0, 11 1, 10 1, 10 0))"));
        assertThat(read(file).get("bbox").toString()).isEqualTo("[3,0,11,9]");
        assertThat(Files.readAllLines(file)).hasSize(4);
    }

    @Test
    void noFeaturesMakeAnEmptyCollectionWithoutBox() throws IOException {
        JsonNode root = read(write(Samples.PIXELS));
        assertThat(root.get("features").isEmpty()).isTrue();
        assertThat(root.has("bbox")).isFalse();
    }

    @Test
    void anOutlineAcrossTheDateLineIsCutThere() throws IOException, ParseException {
        var lonLat = new SceneLonLat(179.9, c -> new Coordinate(c.x > 180 ? c.x - 360 : c.x, c.y));
        var layer = Layer.onGround("changes", new Layer.GroundReference(Samples.USER_DEFINED, lonLat));
        JsonNode root = read(write(
                layer,
                Samples.feature(1, "POLYGON ((179 -17, 182 -17, 182 -16, 179 -16, 179 -17))"),
                Samples.feature(2, "POLYGON ((179 -15, 180 -15, 180 -14, 179 -14, 179 -15))")));
        MultiPolygon cut = (MultiPolygon) geometry(root, 0);
        assertThat(cut.isValid()).isTrue();
        assertThat(cut.getArea()).isCloseTo(3, within(1e-9));
        assertThat(cut.getGeometryN(0).getEnvelopeInternal().getMaxX()).isEqualTo(180);
        assertThat(cut.getGeometryN(1).getEnvelopeInternal().getMinX()).isEqualTo(-180);
        assertThat(cut.getGeometryN(1).getEnvelopeInternal().getMaxX()).isEqualTo(-178);
        assertThat((Object) geometry(root, 1)).isInstanceOf(Polygon.class);
    }

    @Test
    void outlinesOverAPoleStayWhereTheyAre() throws Exception {
        Crs antarctic = Crs.ofEpsg(3031);
        Grid grid = Grid.of(1000, 1000, Affine.northUp(-500_000, 500_000, 1000, 1000), antarctic);
        var layer = Layer.onGround("changes", new Layer.GroundReference(antarctic, SceneLonLat.of(grid)));
        StringBuilder ring = new StringBuilder();
        for (int i = 0; i <= 72; i++) {
            double angle = 2 * Math.PI * (i % 72) / 72;
            ring.append(i == 0 ? "" : ", ")
                    .append(2e5 * Math.cos(angle))
                    .append(' ')
                    .append(2e5 * Math.sin(angle));
        }
        String hole = "(10000 -150000, 20000 -150000, 20000 -140000, 10000 -140000, 10000 -150000)";
        JsonNode root = read(write(
                layer,
                Samples.feature(
                        1, "POLYGON ((-1000 -300000, 1000 -300000, 1000 -299000, -1000 -299000, -1000 -300000))"),
                Samples.feature(2, "POLYGON ((" + ring + "), " + hole + ")")));

        // Across the meridian opposite the middle: two small parts, not a band around the world.
        Geometry small = geometry(root, 0);
        assertThat(small.isValid()).isTrue();
        assertThat(small.getArea()).isLessThan(0.1);
        assertThat(small.getEnvelopeInternal().getMinX()).isGreaterThanOrEqualTo(-180);
        assertThat(small.getEnvelopeInternal().getMaxX()).isLessThanOrEqualTo(180);
        // All around the pole, with its hole.
        Geometry cap = geometry(root, 1);
        assertThat(cap.isValid()).isTrue();
        double degrees = 90 + geometry(root, 1).getEnvelopeInternal().getMaxY();
        assertThat(cap.getEnvelopeInternal().getMinY()).isEqualTo(-90);
        assertThat(cap.getArea()).isCloseTo(360 * degrees, within(20.0)).isLessThan(360 * degrees - 0.3);
    }

    @Test
    void anOutlineTooSmallForSevenDecimalsKeepsItsDigits() throws IOException, ParseException {
        var layer =
                Layer.onGround("changes", new Layer.GroundReference(Samples.USER_DEFINED, new SceneLonLat(0, c -> c)));
        String speck = "POLYGON ((1 1, 1.00000001 1, 1.00000001 1.00000001, 1 1.00000001, 1 1))";
        Geometry geometry = geometry(read(write(layer, Samples.feature(1, speck))), 0);
        assertThat(geometry.isValid()).isTrue();
        assertThat(geometry.getArea()).isPositive();
    }

    @Test
    void gdalPlacesItOnTheEarth() throws IOException, InterruptedException {
        Path file = write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, GROUND_SQUARE));
        assertThat(Ogrinfo.run(file, "-al", "-so"))
                .contains("Layer name: changes")
                .contains("Extent: (-95.377689, 29.714350) - (-95.372417, 29.718951)")
                .contains("ID[\"EPSG\",4326]");
    }

    private Path write(Layer layer, ChangeFeature... features) throws IOException {
        Path file = folder.resolve("changes.geojson");
        try (FeatureWriter writer = new GeoJson().open(file, layer)) {
            for (ChangeFeature feature : features) {
                writer.write(feature);
            }
            writer.commit();
        }
        return file;
    }

    private static JsonNode read(Path file) {
        return JsonMapper.shared().readTree(file);
    }

    private static Geometry geometry(JsonNode root, int index) throws ParseException {
        return new GeoJsonReader()
                .read(root.get("features").get(index).get("geometry").toString());
    }
}
