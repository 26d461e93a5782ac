package org.terrachange.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Polygon;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.model.TinyDetector;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.raster.vector.VectorFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DetectionTest {
    private static final int WIDTH = 200;
    private static final int HEIGHT = 170;
    private static final Grid GRID =
            Grid.of(WIDTH, HEIGHT, Affine.northUp(500_000, 4_000_000, 0.5, 0.5), Crs.ofEpsg(32633));

    @TempDir
    Path folder;

    private Path model;
    private Path before;
    private Path after;

    @BeforeEach
    void writeScene() throws IOException {
        model = TinyDetector.write(folder.resolve("tiny.safetensors"));
        before = scene("before.tif", 1);
        after = scene("after.tif", 2);
    }

    private Path scene(String name, long seed) throws IOException {
        Path file = folder.resolve(name);
        byte[][] bands = new byte[3][WIDTH * HEIGHT];
        Random random = new Random(seed);
        for (byte[] band : bands) {
            random.nextBytes(band);
        }
        try (CogWriter writer = CogWriter.create(file, GRID, CogOptions.of(SampleType.UINT8, 3))) {
            writer.append(PixelBlock.ofBytes(GRID.window(), bands));
            writer.finish();
        }
        return file;
    }

    private DetectionRequest request(Path out, OptionalDouble threshold, double minArea) {
        return new DetectionRequest(
                SceneRequest.of(before.toString(), after.toString()).withGsd(GsdPolicy.NATIVE),
                new SceneDates(Optional.of("2019-06-30"), Optional.empty()),
                out,
                threshold,
                128,
                32,
                minArea,
                new Tolerance(0, Tolerance.Unit.PIXELS),
                VectorFormat.ALL,
                ProbabilityFormat.FLOAT32,
                Compression.ZSTD);
    }

    private DetectionSummary run(Path out, double threshold, double minArea) throws Exception {
        try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE)) {
            return Detection.run(detector, request(out, OptionalDouble.of(threshold), minArea), (_, _) -> {});
        }
    }

    private static PixelBlock read(Path file) throws IOException {
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.grid().sameAs(GRID)).isTrue();
            return source.read(source.grid().window());
        }
    }

    /// The threshold that splits the random scene's probabilities in half.
    private double median(Path out) throws Exception {
        run(out, 0.5, 0);
        float[] values = read(out.resolve("probability.tif")).floats(0).clone();
        java.util.Arrays.sort(values);
        return values[values.length / 2];
    }

    @Test
    void imagesThatAreOpenAlreadyGiveTheSameUnderTheirOwnNames() throws Exception {
        DetectionSummary named = run(folder.resolve("named"), 0.5, 0);
        DetectionRequest request = request(folder.resolve("open"), OptionalDouble.of(0.5), 0);
        DetectionSummary open;
        try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE)) {
            open = Detection.run(Rasters.open(before), Rasters.open(after), detector, request, (_, _) -> {});
        }

        assertThat(open.before()).isEqualTo(before.toString());
        assertThat(open.changedPixels()).isEqualTo(named.changedPixels());
        assertThat(read(folder.resolve("open/probability.tif")).floats(0))
                .isEqualTo(read(folder.resolve("named/probability.tif")).floats(0));
    }

    @Test
    void everyProductTellsTheSameStory() throws Exception {
        Path out = folder.resolve("out");
        double threshold = median(out);
        DetectionSummary summary = run(out, threshold, 0);
        PixelBlock probability = read(out.resolve("probability.tif"));
        PixelBlock mask = read(out.resolve("mask.tif"));
        long changed = 0;
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            boolean over = probability.floats(0)[i] >= (float) threshold;
            assertThat(mask.bytes(0)[i]).isEqualTo((byte) (over ? 1 : 0));
            changed += over ? 1 : 0;
        }
        assertThat(changed).isBetween(1L, (long) WIDTH * HEIGHT - 1);
        assertThat(summary.changedPixels()).isEqualTo(changed);
        assertThat(summary.validPixels()).isEqualTo((long) WIDTH * HEIGHT);
        assertThat(summary.changedSquareMetres().orElseThrow()).isCloseTo(changed * 0.25, within(1e-3 * changed));
        JsonNode stored =
                JsonMapper.shared().readTree(out.resolve("summary.json").toFile());
        assertThat(stored.get("changedPixels").asLong()).isEqualTo(changed);
        JsonNode features = JsonMapper.shared()
                .readTree(out.resolve("changes.geojson").toFile())
                .get("features");
        assertThat(features.size()).isEqualTo((int) summary.polygons());
        for (String name : summary.files()) {
            assertThat(out.resolve(name)).isNotEmptyFile();
        }
        assertThat(out.toFile().list()).hasSize(summary.files().size());
        String page = Files.readString(out.resolve("report.html"));
        assertThat(page)
                .contains("data:image/jpeg;base64,")
                .doesNotContain("http:")
                .doesNotContain("https:");
    }

    @Test
    void polygonsBelowTheSmallestAreaAreLeftOut() throws Exception {
        Path out = folder.resolve("out");
        double threshold = median(out);
        long all = run(out, threshold, 0).polygons();
        assertThat(run(out, threshold, 1e9).polygons()).isZero();
        assertThat(run(out, threshold, 10).polygons()).isLessThan(all);
    }

    @Test
    void aRunThatFailsLeavesNothingBehind() throws Exception {
        Path out = folder.resolve("out");
        byte[] bytes = Files.readAllBytes(after);
        java.util.Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0x55);
        Files.write(after, bytes);
        assertThatThrownBy(() -> run(out, 0.5, 0)).isInstanceOf(IOException.class);
        assertThat(out.toFile().list()).isNullOrEmpty();
    }

    @Test
    void aRunThatFailsLeavesTheResultsOfTheOneBefore() throws Exception {
        Path out = folder.resolve("out");
        run(out, 0.5, 0);
        Map<String, String> first = contents(out);
        byte[] bytes = Files.readAllBytes(after);
        java.util.Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0x55);
        Files.write(after, bytes);
        assertThatThrownBy(() -> run(out, 0.4, 0)).isInstanceOf(IOException.class);
        assertThat(contents(out)).isEqualTo(first);
    }

    @Test
    void aFolderInThePlaceOfAResultIsToldBeforeAnythingIsDone() throws Exception {
        Path out = folder.resolve("out");
        Files.createDirectories(out.resolve("report.html"));
        assertThatThrownBy(() -> run(out, 0.5, 0))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("report.html: is a folder");
        assertThat(out.toFile().list()).containsExactly("report.html");
    }

    private static Map<String, String> contents(Path out) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (var files = Files.list(out)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    @Test
    void anInterruptedRunLeavesNothingBehind() throws Exception {
        Path out = folder.resolve("out");
        try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE)) {
            assertThatThrownBy(() -> Detection.run(
                            detector,
                            request(out, OptionalDouble.empty(), 0),
                            (_, _) -> Thread.currentThread().interrupt()))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(out.toFile().list()).isNullOrEmpty();
    }

    @Test
    void outlinesAreValidAndLieOnChangedPixels() throws Exception {
        Path out = folder.resolve("out");
        double threshold = median(out);
        run(out, threshold, 0);
        PixelBlock mask = read(out.resolve("mask.tif"));
        JsonNode features = JsonMapper.shared()
                .readTree(out.resolve("changes.geojson").toFile())
                .get("features");
        Crs.Transform toWgs84 = Crs.ofEpsg(32633).toWgs84();
        var reader = new org.locationtech.jts.io.geojson.GeoJsonReader();
        double[][] centres = new double[WIDTH * HEIGHT][];
        for (int i = 0; i < centres.length; i++) {
            Affine map = GRID.transform().orElseThrow();
            centres[i] =
                    toWgs84.apply(map.x(i % WIDTH + 0.5, i / WIDTH + 0.5), map.y(i % WIDTH + 0.5, i / WIDTH + 0.5));
        }
        var factory = new org.locationtech.jts.geom.GeometryFactory();
        boolean[] covered = new boolean[centres.length];
        for (JsonNode feature : features) {
            Polygon outline = (Polygon) reader.read(feature.get("geometry").toString());
            assertThat(outline.isValid()).isTrue();
            var located = new org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator(outline);
            var box = outline.getEnvelopeInternal();
            for (int i = 0; i < centres.length; i++) {
                var point = factory.createPoint(new org.locationtech.jts.geom.Coordinate(centres[i][0], centres[i][1]));
                if (box.contains(point.getCoordinate())
                        && located.locate(point.getCoordinate()) == org.locationtech.jts.geom.Location.INTERIOR) {
                    covered[i] = true;
                }
            }
        }
        for (int i = 0; i < covered.length; i++) {
            assertThat(covered[i]).as("pixel %d", i).isEqualTo(mask.bytes(0)[i] == 1);
        }
    }

    @Test
    void aFormatNamedTwiceIsWrittenOnce() {
        DetectionRequest request = new DetectionRequest(
                SceneRequest.of("before.tif", "after.tif"),
                new SceneDates(Optional.empty(), Optional.empty()),
                folder,
                OptionalDouble.empty(),
                128,
                32,
                0,
                new Tolerance(0, Tolerance.Unit.PIXELS),
                List.of(VectorFormat.parse("fgb"), VectorFormat.parse("FlatGeobuf"), VectorFormat.parse("geojson")),
                ProbabilityFormat.UINT8,
                Compression.DEFLATE);

        assertThat(request.formats().stream().map(VectorFormat::extension)).containsExactly("fgb", "geojson");
    }
}
