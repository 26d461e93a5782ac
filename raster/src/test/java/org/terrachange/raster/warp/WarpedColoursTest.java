package org.terrachange.raster.warp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.ColourBlock;
import org.terrachange.raster.rgb.ColourSource;
import org.terrachange.raster.rgb.PaintedColours;

class WarpedColoursTest {
    private static final Crs UTM33 = Crs.ofEpsg(32633);
    private static final Grid IMAGE = Grid.of(120, 90, Affine.northUp(500_000, 4_000_000, 1, 1), UTM33);

    private static ColourSource warped(ColourSource image, Grid grid, Interpolation way) throws IOException {
        return WarpedColours.of(image, grid, PixelMap.between(grid, image.grid()), way);
    }

    private static ColourBlock all(ColourSource image) throws IOException {
        return image.read(image.grid().window());
    }

    @ParameterizedTest
    @EnumSource
    void aSlopeStaysASlopeOnFinerAndCoarserGrids(Interpolation way) throws IOException {
        ColourSource slope = PaintedColours.of(IMAGE, (colour, x, y) -> colour + 2 * (x + 0.5) + 3 * (y + 0.5));
        for (double size : new double[] {0.4, 1.7, 4}) {
            Grid grid = Grid.of(20, 15, Affine.northUp(500_020.3, 3_999_980.1, size, size), UTM33);
            ColourBlock block = all(warped(slope, grid, way));
            // Half a pixel at most for the nearest, and a tenth for kernels stretched to no whole number of pixels.
            double error = way == Interpolation.NEAREST || (way == Interpolation.AREA && size < 1)
                    ? 2.6
                    : size < 1 ? 0.01 : 0.5;
            for (int i = 0; i < 300; i++) {
                double column = 20.3 + (i % 20 + 0.5) * size;
                double row = 19.9 + (i / 20 + 0.5) * size;
                assertThat((double) block.planes()[1][i])
                        .as("%s at size %s", way, size)
                        .isCloseTo(1 + 2 * column + 3 * row, within(error));
            }
        }
    }

    @Test
    void aGridOfLargerPixelsAveragesWhatItCovers() throws IOException {
        ColourSource board = PaintedColours.of(IMAGE, (_, x, y) -> (x + y) % 2 * 200);
        Grid grid = Grid.of(30, 20, Affine.northUp(500_000, 4_000_000, 4, 4), UTM33);
        for (Interpolation way :
                new Interpolation[] {Interpolation.AREA, Interpolation.BILINEAR, Interpolation.CUBIC}) {
            float[] red = all(warped(board, grid, way)).planes()[0];
            // Away from the edges nothing of the pattern is left.
            assertThat((double) red[5 * 30 + 7]).as("%s", way).isCloseTo(100, within(0.5));
        }
    }

    @Test
    void pixelsBeyondTheImageAndMissingOnesAreMissingAndHaveNoWeight() throws IOException {
        PaintedColours image = new PaintedColours(IMAGE, true, (_, x, _) -> x >= 60 ? 1000 : 10, (x, _) -> x >= 60);
        Grid grid = Grid.of(140, 10, Affine.northUp(499_990.25, 3_999_980, 1, 1), UTM33);
        for (Interpolation way : Interpolation.values()) {
            ColourBlock block = all(warped(image, grid, way));
            for (int i = 0; i < 1400; i++) {
                double column = i % 140 + 0.5 - 9.75;
                assertThat(block.missing()[i]).as("%s, column %s", way, column).isEqualTo(column < 0 || column >= 60);
                if (!block.missing()[i]) {
                    assertThat(block.planes()[2][i]).isCloseTo(10, within(1e-4f));
                }
            }
        }
    }

    @Test
    void aPixelDoesNotDependOnTheWindowItIsReadIn() throws IOException {
        Random random = new Random(2);
        float[] noise = new float[120 * 90];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextInt(256);
        }
        ColourSource image = PaintedColours.of(IMAGE, (_, x, y) -> noise[y * 120 + x]);
        Grid degrees = Grid.of(130, 110, Affine.northUp(14.99999, 36.14395, 1e-5, 8e-6), Crs.ofEpsg(4326));
        ColourSource warped = warped(image, degrees, Interpolation.CUBIC);
        ColourBlock whole = all(warped);
        for (int n = 0; n < 40; n++) {
            int x = random.nextInt(120);
            int y = random.nextInt(100);
            Window window = new Window(x, y, 1 + random.nextInt(130 - x), 1 + random.nextInt(110 - y));
            ColourBlock part = warped.read(window);
            for (int i = 0; i < window.area(); i++) {
                int at = (y + i / window.width()) * 130 + x + i % window.width();
                assertThat(part.missing()[i]).isEqualTo(whole.missing()[at]);
                assertThat(part.planes()[0][i]).isCloseTo(whole.planes()[0][at], within(1e-3f));
            }
        }
    }

    @Test
    void aShiftOfWholePixelsChangesNoValue() throws IOException {
        ColourSource image = PaintedColours.of(IMAGE, (_, x, y) -> (x * 31 + y * 17) % 256);
        Grid grid = IMAGE.crop(new Window(7, 5, 50, 40));
        WarpedColours warped = (WarpedColours) warped(image, grid, Interpolation.CUBIC);
        assertThat(warped.interpolates()).isFalse();
        assertThat(all(warped).planes()[0])
                .isEqualTo(image.read(new Window(7, 5, 50, 40)).planes()[0]);
        assertThat(warped(image, IMAGE, Interpolation.CUBIC)).isSameAs(image);
    }

    @Test
    void aReducedCopyIsUsedWhereItHasPixelsEnough() throws IOException {
        ColourSource copy = PaintedColours.of(
                Grid.of(30, 22, Affine.northUp(500_000, 4_000_000, 4, 90 / 22.0), UTM33), (_, _, _) -> 42);
        ColourSource image = new ColourSource() {
            @Override
            public Grid grid() {
                return IMAGE;
            }

            @Override
            public boolean isEightBit() {
                return true;
            }

            @Override
            public ColourBlock read(Window window) {
                throw new AssertionError("the full image was read");
            }

            @Override
            public ColourSource reduced(double factor) {
                assertThat(factor).isCloseTo(5, within(1e-9));
                return copy;
            }
        };
        Grid grid = Grid.of(24, 18, Affine.northUp(500_000, 4_000_000, 5, 5), UTM33);
        ColourBlock block = all(warped(image, grid, Interpolation.BILINEAR));
        for (float value : block.planes()[0]) {
            assertThat(value).isCloseTo(42, within(1e-4f));
        }
        assertThat(block.missing()).containsOnly(false);
    }

    @Test
    void aGridFarOutsideTheSystemOfTheImageIsAllMissing() throws IOException {
        ColourSource image = PaintedColours.of(IMAGE, (_, _, _) -> 1);
        Grid grid = Grid.of(8, 8, Affine.northUp(-170, 80, 1, 1), Crs.ofEpsg(4326));
        assertThat(all(warped(image, grid, Interpolation.BILINEAR)).missing()).containsOnly(true);
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, -1, 1, 5})
    void aMoveByWholePixelsMovesInEveryDirection(int shift) throws IOException {
        ColourSource image = PaintedColours.of(IMAGE, (_, x, y) -> x + 1000 * y);
        PixelMap map = PixelMap.between(IMAGE, IMAGE).movedBy(shift, shift);
        ColourBlock block = all(WarpedColours.of(image, IMAGE, map, Interpolation.CUBIC));
        assertThat(block.planes()[0][40 * 120 + 60]).isEqualTo(60 + shift + 1000 * (40 + shift));
        assertThat(block.missing()[0]).isEqualTo(shift < 0);
    }
}
