package org.terrachange.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.model.TinyDetector;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.detect.scene.SceneScanner;
import org.terrachange.detect.scene.TileRows;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.raster.vector.VectorFormat;

class DetectionInBandsTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyDetector.write(folder.resolve("tiny.safetensors"));
    }

    private Path scene(String name, int width, int height, Random random) throws IOException {
        Path file = folder.resolve(name);
        Grid grid = Grid.of(width, height, Affine.northUp(500_000, 4_000_000, 0.5, 0.5), Crs.ofEpsg(32633));
        byte[][] bands = new byte[3][width * height];
        for (byte[] band : bands) {
            random.nextBytes(band);
        }
        try (CogWriter writer =
                CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, 3).withNodata(0))) {
            writer.append(PixelBlock.ofBytes(grid.window(), bands));
            writer.finish();
        }
        return file;
    }

    private static DetectionRequest request(Path before, Path after, Path out, int tile, int overlap) {
        return new DetectionRequest(
                SceneRequest.of(before.toString(), after.toString()).withGsd(GsdPolicy.NATIVE),
                SceneDates.UNKNOWN,
                out,
                OptionalDouble.of(0.5),
                tile,
                overlap,
                0,
                new Tolerance(0, Tolerance.Unit.PIXELS),
                List.of(VectorFormat.parse("geojson"), VectorFormat.parse("fgb")),
                ProbabilityFormat.FLOAT32,
                Compression.DEFLATE);
    }

    /// Cuts all rows of tiles into bands of random heights.
    private static List<TileRows> bands(int tileRows, Random random) {
        List<TileRows> bands = new ArrayList<>();
        for (int from = 0; from < tileRows; from = bands.getLast().to()) {
            bands.add(new TileRows(from, Math.min(tileRows, from + 1 + random.nextInt(3))));
        }
        return bands;
    }

    @Test
    void theRowsOfAnyBandAreThoseOfTheWholeScanToTheLastBit() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DetectionInBandsTest rows seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 4; round++) {
            int width = 1 + random.nextInt(120);
            int height = 1 + random.nextInt(260);
            int tile = 32 * (1 + random.nextInt(2));
            int overlap = random.nextInt(tile / 2 + 1);
            Path before = scene("before.tif", width, height, random);
            Path after = scene("after.tif", width, height, random);
            try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE);
                    ScenePair pair = ScenePair.open(
                            request(before, after, folder, tile, overlap).scene(),
                            detector.card().gsdRange())) {
                SceneScanner scanner = new SceneScanner(pair, detector, tile, overlap);
                float[] whole = new float[width * height];
                scanner.scan(
                        _ -> {}, (y, _, rows) -> System.arraycopy(rows, 0, whole, y * width, rows.length), _ -> {});
                float[] parts = new float[width * height];
                int[] next = {0};
                for (TileRows band : bands(scanner.tileRows(), random)) {
                    assertThat(next[0]).isEqualTo(scanner.start(band.from()));
                    scanner.scan(
                            band,
                            _ -> {},
                            (y, count, rows) -> {
                                assertThat(y).isEqualTo(next[0]);
                                System.arraycopy(rows, 0, parts, y * width, rows.length);
                                next[0] = y + count;
                            },
                            _ -> {});
                }
                assertThat(next[0]).isEqualTo(height);
                for (int i = 0; i < whole.length; i++) {
                    assertThat(Float.floatToRawIntBits(parts[i]))
                            .as("pixel %d of %dx%d, tile %d, overlap %d", i, width, height, tile, overlap)
                            .isEqualTo(Float.floatToRawIntBits(whole[i]));
                }
            }
        }
    }

    @Test
    void bandsDetectedInAnyOrderGiveTheFilesOfOneRun() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DetectionInBandsTest files seed " + seed);
        Random random = new Random(seed);
        // Wider than the reduced pictures, so that their lines are shared by bands.
        int width = 1700;
        // Four rows of tiles at least, of which a band takes three at most.
        int height = 300 + random.nextInt(150);
        Path before = scene("before.tif", width, height, random);
        Path after = scene("after.tif", width, height, random);
        DetectionRequest whole = request(before, after, folder.resolve("whole"), 96, 20);
        DetectionRequest parts = request(before, after, folder.resolve("parts"), 96, 20);
        try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE)) {
            Detection.run(detector, whole, (_, _) -> {});
            List<Path> files = new ArrayList<>();
            try (ScenePair pair = ScenePair.open(parts.scene(), detector.card().gsdRange())) {
                List<TileRows> bands = bands(Detection.tileRows(pair, detector, parts), random);
                assertThat(bands).hasSizeGreaterThan(1);
                for (int i = bands.size() - 1; i >= 0; i--) {
                    files.addFirst(folder.resolve("band " + i));
                    Detection.band(pair, detector, parts, bands.get(i), files.getFirst(), (_, _) -> {});
                }
                Detection.finish(pair, detector, parts, files);
            }
        }

        assertThat(names(parts.folder())).isEqualTo(names(whole.folder())).contains("probability.tif", "changes.fgb");
        for (String name : names(whole.folder())) {
            assertThat(content(parts.folder().resolve(name)))
                    .as(name)
                    .isEqualTo(content(whole.folder().resolve(name)));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// What a file holds, the time that it took left out.
    private static Object content(Path file) throws IOException {
        String name = file.toString();
        if (!name.endsWith(".json") && !name.endsWith(".html")) {
            return Files.readAllBytes(file);
        }
        return Files.readString(file)
                .replaceAll("\"seconds\" : [0-9.E-]+", "")
                .replaceAll("[0-9.]+ (s|seconds)\\b", "");
    }

    @Test
    void aBandThatIsDamagedIsRefusedAndDeletedAndNothingIsWritten() throws Exception {
        Random random = new Random(5);
        Path before = scene("before.tif", 70, 90, random);
        Path after = scene("after.tif", 70, 90, random);
        DetectionRequest request = request(before, after, folder.resolve("out"), 64, 16);
        Path file = folder.resolve("band");
        try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE);
                ScenePair pair = ScenePair.open(request.scene(), detector.card().gsdRange())) {
            int tileRows = Detection.tileRows(pair, detector, request);
            for (int damage = 0; damage < 3; damage++) {
                Detection.band(pair, detector, request, new TileRows(0, tileRows), file, (_, _) -> {});
                byte[] bytes = Files.readAllBytes(file);
                switch (damage) {
                    case 0 -> bytes = java.util.Arrays.copyOf(bytes, bytes.length / 2);
                    case 1 -> bytes[bytes.length / 3] ^= 1;
                    default -> bytes[18] ^= 0x40;
                }
                Files.write(file, bytes);

                assertThatThrownBy(() -> Detection.finish(pair, detector, request, List.of(file)))
                        .isInstanceOf(RasterException.class)
                        .hasMessageContaining("is damaged and was deleted");
                assertThat(file).doesNotExist();
                assertThat(names(request.folder())).isEmpty();
            }
        }
    }

    @Test
    void aSceneThatLacksItsLastBandIsNotFinished() throws Exception {
        Random random = new Random(6);
        Path before = scene("before.tif", 40, 200, random);
        DetectionRequest request = request(before, before, folder.resolve("out"), 64, 0);
        Path file = folder.resolve("band");
        try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE);
                ScenePair pair = ScenePair.open(request.scene(), detector.card().gsdRange())) {
            Detection.band(pair, detector, request, new TileRows(0, 2), file, (_, _) -> {});

            assertThatThrownBy(() -> Detection.finish(pair, detector, request, List.of(file)))
                    .hasMessageContaining("end at row 128, but the scene has 200");
            assertThat(names(request.folder())).isEmpty();
        }
    }
}
