package org.terrachange.detect.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.detect.model.TinyDetector;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.warp.MisfitException;

class SceneScannerTest {
    private static final Affine MAP = Affine.northUp(500_000, 4_000_000, 0.5, 0.5);

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyDetector.write(folder.resolve("tiny.safetensors"));
    }

    /// Smooth random colours, a pure function of seed and position, 1 to 255.
    private static byte[] colours(Window window, long seed) {
        byte[] values = new byte[(int) window.area()];
        Random random = new Random(seed);
        double a = random.nextDouble() * 6;
        double b = 0.02 + random.nextDouble() * 0.1;
        for (int y = 0; y < window.height(); y++) {
            for (int x = 0; x < window.width(); x++) {
                double v = Math.sin(a + b * (x + window.x())) * Math.cos(b * 1.7 * (y + window.y()) - a);
                values[y * window.width() + x] = (byte) (1 + Math.round((v + 1) * 127));
            }
        }
        return values;
    }

    private Path scene(String name, Window window, long seed, Window hole) throws IOException {
        Path file = folder.resolve(name);
        Grid grid = Grid.of(window.width(), window.height(), MAP.shifted(window.x(), window.y()), Crs.ofEpsg(32633));
        byte[][] bands = {colours(window, seed), colours(window, seed + 1), colours(window, seed + 2)};
        for (int y = 0; y < window.height(); y++) {
            for (int x = 0; x < window.width(); x++) {
                if (hole.contains(new Window(x + window.x(), y + window.y(), 1, 1))) {
                    for (byte[] band : bands) {
                        band[y * window.width() + x] = 0;
                    }
                }
            }
        }
        try (CogWriter writer =
                CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, 3).withNodata(0))) {
            writer.append(PixelBlock.ofBytes(Window.whole(window.width(), window.height()), bands));
            writer.finish();
        }
        return file;
    }

    private static ScenePair open(Path before, Path after) throws IOException {
        return ScenePair.open(
                SceneRequest.of(before.toString(), after.toString()).withGsd(GsdPolicy.NATIVE), new GsdRange(0.4, 1.2));
    }

    private float[] scan(Window window, Window hole, int tile, int overlap) throws Exception {
        String name = window + "-" + tile;
        Path before = scene("a " + name + ".tif", window, 10, new Window(-9, -9, 1, 1));
        Path after = scene("b " + name + ".tif", window, 20, hole);
        float[] all = new float[(int) window.area()];
        int[] next = {0};
        try (ScenePair pair = open(before, after);
                ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE)) {
            new SceneScanner(pair, detector, tile, overlap)
                    .scan(
                            _ -> {},
                            (y, count, rows) -> {
                                assertThat(y).isEqualTo(next[0]);
                                assertThat(rows).hasSize(count * window.width());
                                System.arraycopy(rows, 0, all, y * window.width(), rows.length);
                                next[0] = y + count;
                            },
                            _ -> {});
        }
        assertThat(next[0]).isEqualTo(window.height());
        return all;
    }

    private static final Window NO_HOLE = new Window(-9, -9, 1, 1);

    @Test
    void aCropRunAloneGivesTheNumbersOfTheWholeAwayFromItsEdges() throws Exception {
        int step = 192 - 64;
        Window whole = new Window(0, 0, 3 * step + 64 + 40, 2 * step + 64 + 23);
        Window crop = new Window(step, step, 192, 192);
        float[] all = scan(whole, NO_HOLE, 192, 64);
        float[] part = scan(crop, NO_HOLE, 192, 64);
        for (int y = 64; y < 128; y++) {
            for (int x = 64; x < 128; x++) {
                assertThat(all[(y + crop.y()) * whole.width() + x + crop.x()])
                        .isCloseTo(part[y * crop.width() + x], within(1e-3f));
            }
        }
    }

    @Test
    void missingPixelsOfEitherDateAreMissingInTheResultAndNoOthers() throws Exception {
        Window whole = new Window(0, 0, 150, 130);
        Window hole = new Window(40, 50, 30, 20);
        float[] all = scan(whole, hole, 96, 32);
        for (int y = 0; y < whole.height(); y++) {
            for (int x = 0; x < whole.width(); x++) {
                assertThat(Float.isNaN(all[y * whole.width() + x]))
                        .as("column %d, row %d", x, y)
                        .isEqualTo(hole.contains(new Window(x, y, 1, 1)));
            }
        }
    }

    @Test
    void scenesOfOnePixelAndOfOddSizesComeOutWhole() throws Exception {
        for (Window window : new Window[] {new Window(0, 0, 1, 1), new Window(0, 0, 97, 1), new Window(0, 0, 33, 65)}) {
            for (float p : scan(window, NO_HOLE, 64, 16)) {
                assertThat(p).isBetween(0f, 1f);
            }
        }
    }

    @Test
    void imagesOfDifferentGroundAreRefusedWithBothFootprints() throws IOException {
        Path a = scene("a.tif", new Window(0, 0, 40, 40), 1, NO_HOLE);
        Path b = scene("b.tif", new Window(4000, 0, 40, 40), 1, NO_HOLE);
        assertThatThrownBy(() -> open(a, b).close())
                .isInstanceOf(MisfitException.class)
                .hasMessageContaining("do not overlap")
                .hasMessageContaining("longitude 15.00000")
                .hasMessageContaining("longitude 15.02");
    }

    @Test
    void imagesThatOverlapInPartAreComparedWhereBothShowTheGround() throws IOException {
        Path a = scene("a.tif", new Window(0, 0, 40, 40), 1, NO_HOLE);
        Path b = scene("b.tif", new Window(10, 0, 40, 40), 1, NO_HOLE);
        try (ScenePair pair = open(a, b)) {
            assertThat(pair.grid()).isEqualTo(Grid.of(30, 40, MAP.shifted(10, 0), Crs.ofEpsg(32633)));
            ScenePair.Patch patch = pair.read(pair.grid().window(), 30, 40);
            assertThat(patch.before()).isEqualTo(patch.after());
            assertThat(pair.alignment().before().dropped()).isCloseTo(0.25, within(1e-9));
            assertThat(pair.alignment().after().resampling()).isEmpty();
        }
    }

    @Test
    void aFailingConsumerEndsTheScanWithItsError() throws IOException {
        Path a = scene("a.tif", new Window(0, 0, 100, 300), 1, NO_HOLE);
        try (ScenePair pair = open(a, a);
                ChangeDetector detector = ChangeDetector.load(model, ComputeMode.REFERENCE)) {
            assertThatThrownBy(() -> new SceneScanner(pair, detector, 64, 0)
                            .scan(
                                    _ -> {},
                                    (_, _, _) -> {
                                        throw new IOException("disk full");
                                    },
                                    _ -> {}))
                    .hasMessage("disk full");
        }
    }
}
