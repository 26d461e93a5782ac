package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.terrachange.raster.polygon.SceneLonLat;

class FlatGeobufTest {
    private static final String SQUARE =
            "POLYGON ((270000 3290000, 270500 3290000, 270500 3289500, 270000 3289500, 270000 3290000),"
                    + " (270100 3289900, 270100 3289800, 270200 3289800, 270200 3289900, 270100 3289900))";

    @TempDir
    Path folder;

    @Test
    void gdalReadsOutlinesAttributesAndCrs() throws IOException, InterruptedException {
        Path file = write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, SQUARE));
        assertThat(Ogrinfo.run(file, "-al"))
                .contains("Layer name: changes")
                .contains("Extent: (270000.000000, 3289500.000000) - (270500.000000, 3290000.000000)")
                .contains("ID[\"EPSG\",32615]")
                .contains("id (Integer64) = 7")
                .contains("key (String) = 270000.25,3289999.75")
                .contains("pixels (Integer64) = 1234")
                .contains("area_m2 (Real) = 308.5")
                .contains("perimeter_m (Real) = 87.25")
                .contains("mean_probability (Real) = 0.833333")
                .contains("before (String) = 2017-03-01")
                .doesNotContain("after (String)")
                .contains("POLYGON ((270000 3290000,270500 3290000,270500 3289500,270000 3289500,270000 3290000),"
                        + "(270100 3289900,270100 3289800,270200 3289800,270200 3289900,270100 3289900))");
    }

    /// One level of inner nodes takes 16 features, two take 256.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 17, 256, 257, 5000})
    void theIndexFindsExactlyTheFeaturesWhoseBoxesMeetAWindow(int count) throws IOException, InterruptedException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("FlatGeobufTest: seed " + seed);
        var random = new SplittableRandom(seed);
        var boxes = new ArrayList<Envelope>();
        Path file = folder.resolve("changes.fgb");
        try (FeatureWriter writer = new FlatGeobuf().open(file, Samples.PIXELS)) {
            for (int i = 0; i < count; i++) {
                int x = random.nextInt(10_000);
                int y = random.nextInt(500);
                var box = new Envelope(x, x + 1 + random.nextInt(50), y, y + 1 + random.nextInt(50));
                boxes.add(box);
                writer.write(Samples.feature(i, rectangle(box)));
            }
            writer.commit();
        }
        for (int i = 0; i < 3; i++) {
            int x = random.nextInt(10_000);
            int y = random.nextInt(500);
            var window = new Envelope(x, x + random.nextInt(5000), y, y + random.nextInt(100));
            String found = Ogrinfo.run(
                    file,
                    "-al",
                    "-geom=NO",
                    "-spat",
                    text(window.getMinX()),
                    text(window.getMinY()),
                    text(window.getMaxX()),
                    text(window.getMaxY()));
            var ids = Pattern.compile("id \\(Integer64\\) = (\\d+)")
                    .matcher(found)
                    .results()
                    .map(match -> Integer.valueOf(match.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
            var expected = new TreeSet<Integer>();
            for (int feature = 0; feature < count; feature++) {
                if (boxes.get(feature).intersects(window)) {
                    expected.add(feature);
                }
            }
            assertThat(ids).isEqualTo(expected);
        }
        assertThat(Ogrinfo.run(file, "-al", "-so")).contains("Feature Count: " + count);
    }

    private static String text(double value) {
        return Double.toString(value);
    }

    private static String rectangle(Envelope box) {
        return "POLYGON ((%1$s %2$s, %3$s %2$s, %3$s %4$s, %1$s %4$s, %1$s %2$s))"
                .formatted(box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY());
    }

    @Test
    void aCrsWithoutCodeIsWrittenInLongitudeAndLatitudeAndCutAtTheDateLine() throws IOException, InterruptedException {
        var lonLat = new SceneLonLat(179.9, c -> new Coordinate(c.x > 180 ? c.x - 360 : c.x, c.y));
        var layer = Layer.onGround("changes", new Layer.GroundReference(Samples.USER_DEFINED, lonLat));
        Path file = write(
                layer,
                Samples.feature(1, "POLYGON ((179 -17, 182 -17, 182 -16, 179 -16, 179 -17))"),
                Samples.feature(2, "POLYGON ((179 -15, 180 -15, 180 -14, 179 -14, 179 -15))"));
        assertThat(Ogrinfo.run(file, "-al"))
                .contains("ID[\"EPSG\",4326]")
                .contains("Extent: (-180.000000, -17.000000) - (180.000000, -14.000000)")
                .containsPattern("MULTIPOLYGON \\(\\(\\(.*\\)\\),\\(\\(.*\\)\\)\\)")
                .containsPattern(" POLYGON \\(\\(");
    }

    @Test
    void pixelsHaveNoCrsAndSaySo() throws IOException, InterruptedException {
        Path file = write(Samples.PIXELS, Samples.feature(1, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"));
        assertThat(Ogrinfo.run(file, "-al", "-so"))
                .contains("perimeter_px: Real")
                .doesNotContain("area_m2")
                .contains("(unknown)");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("pixels of the image");
    }

    @Test
    void noFeaturesMakeALayerWithoutExtent() throws IOException, InterruptedException {
        Path file = write(Samples.onGround(OptionalInt.of(32615)));
        assertThat(Ogrinfo.run(file, "-al", "-so")).contains("Feature Count: 0").contains("pixels: Integer64");
    }

    @Test
    void longTextsFit() throws IOException, InterruptedException {
        String date = "2017-03-01".repeat(500);
        var sample = Samples.feature(1, SQUARE);
        var feature = new ChangeFeature(
                1,
                sample.key(),
                sample.outline(),
                1,
                sample.areaSquareMetres(),
                1,
                1,
                1,
                Optional.of(date),
                Optional.of("ü"));
        Path file = write(Samples.onGround(OptionalInt.of(32615)), feature);
        assertThat(Ogrinfo.run(file, "-al"))
                .contains("before (String) = " + date + "\n")
                .contains("after (String) = ü\n");
    }

    private Path write(Layer layer, ChangeFeature... features) throws IOException {
        Path file = folder.resolve("changes.fgb");
        try (FeatureWriter writer = new FlatGeobuf().open(file, layer)) {
            for (ChangeFeature feature : features) {
                writer.write(feature);
            }
            writer.commit();
        }
        assertThat(VectorFormatTest.filesIn(folder)).isEqualTo(List.of(file));
        return file;
    }
}
