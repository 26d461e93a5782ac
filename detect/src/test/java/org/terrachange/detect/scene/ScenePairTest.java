package org.terrachange.detect.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;

class ScenePairTest {
    private static final GsdRange RANGE = new GsdRange(0.4, 1.2);
    private static final int SIZE = 96;

    @TempDir
    Path folder;

    private static Grid grid(double pixel) {
        return Grid.of(SIZE, SIZE, Affine.northUp(500_000, 4_000_000, pixel, pixel), Crs.ofEpsg(32633));
    }

    private Path image(String name, Grid grid, SampleType type, IntBinaryOperator value) throws IOException {
        Path file = folder.resolve(name);
        PixelBlock block = PixelBlock.allocate(grid.window(), type, 3);
        for (int band = 0; band < 3; band++) {
            for (int i = 0; i < SIZE * SIZE; i++) {
                int sample = value.applyAsInt(i % SIZE, i / SIZE);
                switch (type) {
                    case UINT8 -> block.bytes(band)[i] = (byte) sample;
                    case UINT16 -> block.shorts(band)[i] = (short) sample;
                    default -> throw new IllegalArgumentException(type.label());
                }
            }
        }
        try (CogWriter writer =
                CogWriter.create(file, grid, CogOptions.of(type, 3).withNodata(0))) {
            writer.append(block);
            writer.finish();
        }
        return file;
    }

    private static SceneRequest request(Path before, Path after) {
        return SceneRequest.of(before.toString(), after.toString());
    }

    private static ScenePair.Patch all(ScenePair pair) throws IOException {
        Grid grid = pair.grid();
        return pair.read(grid.window(), grid.width(), grid.height());
    }

    @Test
    void sixteenBitImagesShareOneStretchSoThatEqualGroundStaysEqual() throws IOException {
        Path before = image("a.tif", grid(0.5), SampleType.UINT16, (x, y) -> 400 + 5 * x + y);
        Path after = image("b.tif", grid(0.5), SampleType.UINT16, (x, y) -> y < 48 ? 400 + 5 * x + y : 3000);
        try (ScenePair pair = ScenePair.open(request(before, after), RANGE)) {
            ScenePair.Patch patch = all(pair);
            for (int i = 0; i < 48 * SIZE; i++) {
                assertThat(patch.after()[i]).isEqualTo(patch.before()[i]);
            }
            assertThat(patch.after()[90 * SIZE] & 0xff).isGreaterThan(250);
            assertThat(patch.before()[90 * SIZE + 95] & 0xff).isLessThan(90);
            assertThat(pair.alignment().stretchHigh().orElseThrow().getFirst()).isEqualTo(3000);
        }
    }

    @Test
    void nodataInEitherDateIsMissingAndLooksTheSameInBoth() throws IOException {
        Path before = image("a.tif", grid(0.5), SampleType.UINT8, (x, y) -> x < 10 ? 0 : 100 + y % 50);
        Path after = image("b.tif", grid(0.5), SampleType.UINT8, (x, y) -> y < 5 ? 0 : 60 + x);
        try (ScenePair pair = ScenePair.open(request(before, after), RANGE)) {
            ScenePair.Patch patch = all(pair);
            for (int i = 0; i < SIZE * SIZE; i++) {
                boolean gone = i % SIZE < 10 || i / SIZE < 5;
                assertThat(patch.missing()[i]).isEqualTo(gone);
                if (gone) {
                    assertThat(patch.before()[i]).isEqualTo(patch.after()[i]);
                }
            }
        }
    }

    @Test
    void scenesOutsideTheModelsRangeAreResampledToItUnlessToldOtherwise() throws IOException {
        Path fine = image("fine.tif", grid(0.1), SampleType.UINT8, (x, y) -> 50 + (x + y) % 100);
        try (ScenePair pair = ScenePair.open(request(fine, fine), RANGE)) {
            assertThat(pair.grid().width()).isEqualTo(24);
            assertThat(pair.alignment().gsd().getAsDouble()).isCloseTo(0.4, within(0.002));
            assertThat(pair.alignment().before().gsd().getAsDouble()).isCloseTo(0.1, within(0.001));
            assertThat(pair.alignment().before().resampling()).contains("cubic");
            assertThat(pair.alignment().warnings()).isEmpty();
        }
        try (ScenePair pair = ScenePair.open(request(fine, fine).withGsd(GsdPolicy.NATIVE), RANGE)) {
            assertThat(pair.grid()).isEqualTo(grid(0.1));
            assertThat(pair.alignment().warnings()).singleElement().asString().contains("trained for 0.400 to 1.20 m");
        }
    }

    @Test
    void aSceneMuchTooCoarseIsEnlargedFourTimesAtMostWithAWarning() throws IOException {
        Path coarse = image("coarse.tif", grid(10), SampleType.UINT8, (x, y) -> 50 + (x + y) % 100);
        try (ScenePair pair = ScenePair.open(request(coarse, coarse), RANGE)) {
            assertThat(pair.grid().width()).isEqualTo(4 * SIZE);
            assertThat(pair.alignment().warnings()).singleElement().asString().contains("2.5");
        }
    }

    @Test
    void onlyTheAreaOfInterestIsWorkedOn() throws Exception {
        Path image = image("a.tif", grid(0.5), SampleType.UINT8, (x, y) -> 50 + (x + y) % 100);
        Crs.Transform toWgs84 = Crs.ofEpsg(32633).toWgs84();
        StringBuilder ring = new StringBuilder();
        for (int[] corner : new int[][] {{20, 30}, {60, 30}, {60, 50}, {20, 50}, {20, 30}}) {
            double[] place = toWgs84.apply(500_000 + corner[0] * 0.5, 4_000_000 - corner[1] * 0.5);
            ring.append(ring.isEmpty() ? "" : ",")
                    .append(String.format(Locale.ROOT, "[%.9f,%.9f]", place[0], place[1]));
        }
        Path area = folder.resolve("area.geojson");
        Files.writeString(area, "{\"type\":\"Polygon\",\"coordinates\":[[" + ring + "]]}");
        try (ScenePair pair = ScenePair.open(request(image, image).withAreaOfInterest(area), RANGE)) {
            assertThat(pair.grid()).isEqualTo(grid(0.5).crop(new Window(20, 30, 40, 20)));
            assertThat(all(pair).missing()).containsOnly(false);
            assertThat(all(pair).before()[0]).isEqualTo((byte) 100);
        }
        Path elsewhere = folder.resolve("elsewhere.geojson");
        Files.writeString(elsewhere, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}");
        assertThatThrownBy(() -> ScenePair.open(request(image, image).withAreaOfInterest(elsewhere), RANGE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("elsewhere.geojson");
    }

    @Test
    void datesThatAreNoDatesAreRefused() {
        assertThatThrownBy(() -> new SceneDates(java.util.Optional.of("30.6.2019"), java.util.Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2019-06-30");
    }
}
