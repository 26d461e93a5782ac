package org.terrachange.raster.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.raster.Grid;
import org.terrachange.raster.rgb.ColourSource;
import org.terrachange.raster.rgb.PaintedColours;

class ShiftEstimatorTest {
    private static final int SIZE = 600;

    /// Random ground with detail down to two pixels, a pure function of the position, so that it can be shifted
    /// by any amount: random numbers on a lattice under a cubic B-spline.
    private record Landscape(long seed) {
        private static final double SPACING = 1.5;

        double at(double x, double y) {
            double column = x / SPACING;
            double row = y / SPACING;
            int left = (int) Math.floor(column);
            int top = (int) Math.floor(row);
            double sum = 0;
            for (int j = -1; j <= 2; j++) {
                double vertical = spline(row - top - j);
                for (int i = -1; i <= 2; i++) {
                    sum += vertical * spline(column - left - i) * number(left + i, top + j);
                }
            }
            return 250 * sum;
        }

        private static double spline(double distance) {
            double t = Math.abs(distance);
            return t < 1 ? 2.0 / 3 - t * t + t * t * t / 2 : t < 2 ? Math.pow(2 - t, 3) / 6 : 0;
        }

        private double number(int column, int row) {
            long bits = (column * 0x9e3779b97f4a7c15L ^ row * 0xc2b2ae3d27d4eb4fL) + seed * 0x165667b19e3779f9L;
            bits = (bits ^ bits >>> 31) * 0xbf58476d1ce4e5b9L;
            bits = (bits ^ bits >>> 29) * 0x94d049bb133111ebL;
            return ((bits ^ bits >>> 32) & 0xffffff) / (double) 0xffffff;
        }

        ColourSource shifted(double right, double down, double gain) {
            return PaintedColours.of(Grid.plain(SIZE, SIZE), (_, x, y) -> gain * at(x - right, y - down));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "3, -5", "0.4, 0.3", "-7.75, 12.25", "60.5, -41.2"})
    void shiftsAreFoundToATenthOfAPixelWhateverTheBrightness(double right, double down) throws IOException {
        Landscape land = new Landscape(7);
        Shift shift = ShiftEstimator.between(land.shifted(0, 0, 1), land.shifted(right, down, 0.5));
        assertThat(shift.right()).isCloseTo(right, within(0.1));
        assertThat(shift.down()).isCloseTo(down, within(0.1));
        assertThat(shift.isTrusted()).isTrue();
    }

    @Test
    void aThirdOfTheSceneMayHaveChanged() throws IOException {
        Landscape land = new Landscape(8);
        Landscape other = new Landscape(9);
        ColourSource after = PaintedColours.of(
                Grid.plain(SIZE, SIZE), (_, x, y) -> x < SIZE / 3 ? other.at(x, y) : land.at(x - 2.5, y + 1.5));
        Shift shift = ShiftEstimator.between(land.shifted(0, 0, 1), after);
        assertThat(shift.right()).isCloseTo(2.5, within(0.15));
        assertThat(shift.down()).isCloseTo(-1.5, within(0.15));
        assertThat(shift.isTrusted()).isTrue();
    }

    @Test
    void unrelatedScenesHaveNoShiftToBeTrusted() throws IOException {
        Random random = new Random(3);
        float[][] noise = new float[2][SIZE * SIZE];
        for (float[] image : noise) {
            for (int i = 0; i < image.length; i++) {
                image[i] = random.nextInt(256);
            }
        }
        Shift shift = ShiftEstimator.between(
                PaintedColours.of(Grid.plain(SIZE, SIZE), (_, x, y) -> noise[0][y * SIZE + x]),
                PaintedColours.of(Grid.plain(SIZE, SIZE), (_, x, y) -> noise[1][y * SIZE + x]));
        assertThat(shift.isTrusted()).isFalse();
    }

    @Test
    void scenesWithoutTextureOrTooSmallSayThatNothingCanBeTold() throws IOException {
        ColourSource water = PaintedColours.of(Grid.plain(SIZE, SIZE), (_, _, _) -> 90);
        assertThat(ShiftEstimator.between(water, water)).isEqualTo(Shift.UNKNOWN);
        ColourSource tiny = PaintedColours.of(Grid.plain(40, 900), (_, x, y) -> x * y % 17);
        assertThat(ShiftEstimator.between(tiny, tiny)).isEqualTo(Shift.UNKNOWN);
    }

    @Test
    void missingPixelsHaveNoVote() throws IOException {
        Landscape land = new Landscape(11);
        PaintedColours.Hole corner = (x, y) -> x + y < SIZE / 2;
        ColourSource before = new PaintedColours(
                Grid.plain(SIZE, SIZE), true, (_, x, y) -> corner.at(x, y) ? 0 : land.at(x, y), corner);
        ColourSource after = new PaintedColours(
                Grid.plain(SIZE, SIZE), true, (_, x, y) -> corner.at(x, y) ? 0 : land.at(x - 4, y), corner);
        Shift shift = ShiftEstimator.between(before, after);
        assertThat(shift.right()).isCloseTo(4, within(0.2));
        assertThat(shift.down()).isCloseTo(0, within(0.2));
    }
}
