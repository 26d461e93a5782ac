package org.terrachange.nn.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.TrainableLayers;

class FrequencySplitTest {

    private static Tensor waves(int rows, int columns, int vertical, int horizontal) {
        float[] values = new float[rows * columns];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                double phase = (double) vertical * y / rows + (double) horizontal * x / columns;
                values[y * columns + x] = (float) Math.cos(2 * Math.PI * phase);
            }
        }
        return torch.from_blob(new FloatPointer(values), 1, rows, columns, 1).clone();
    }

    private static double largest(Tensor x) {
        return x.abs().max().item_double();
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "14, 14", "8, 5", "5, 8", "1, 6", "6, 1", "1, 1"})
    void aMaskOfOnesLeavesTheGridAsItIs(int rows, int columns) {
        try (var _ = new PointerScope()) {
            Tensor grid = torch.randn(2, rows, columns, 3);
            Tensor same = FrequencySplit.filtered(grid, torch.ones(rows, columns / 2 + 1, 1));
            assertThat(largest(same.sub(grid))).isLessThan(1e-5);
        }
    }

    @Test
    void lowAndHighPartsAddUpAndTheMeanIsLow() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            FrequencySplit split = new FrequencySplit("f", new TrainableLayers(parameters));
            parameters.allocate(1);
            Tensor grid = torch.randn(2, 7, 9, 3);
            FrequencySplit.Parts parts = split.of(grid);
            assertThat(largest(parts.low().add(parts.high()).sub(grid))).isLessThan(1e-5);
            assertThat(largest(parts.high().mean(1, 2))).isLessThan(1e-5);
        }
    }

    @Test
    void coarseWavesAreLowAndFineOnesHigh() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            FrequencySplit split = new FrequencySplit("f", new TrainableLayers(parameters));
            parameters.allocate(1);
            assertThat(largest(split.of(waves(16, 16, 1, 0)).high())).isLessThan(0.1);
            assertThat(largest(split.of(waves(16, 16, 0, 1)).high())).isLessThan(0.1);
            assertThat(largest(split.of(waves(16, 16, 7, 0)).low())).isLessThan(0.1);
            assertThat(largest(split.of(waves(16, 16, 0, 7)).low())).isLessThan(0.1);
        }
    }

    /// 3 rows and 4 columns of 16 lie as far from 0 as 4 rows and 3 columns, 5 rows alone or 5 columns alone.
    @Test
    void theMaskDependsOnTheDistanceFromZeroAlone() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            FrequencySplit split = new FrequencySplit("f", new TrainableLayers(parameters));
            parameters.allocate(1);
            float[] mask =
                    HostCopies.toHost(split.mask(torch.zeros(1, 16, 16, 1))).toFloats();
            int half = 9;
            float expected = mask[5];
            assertThat(mask[0]).isCloseTo(1, within(1e-6f));
            assertThat(expected).isBetween(0.01f, 0.99f);
            assertThat(new float[] {mask[5 * half], mask[11 * half], mask[3 * half + 4], mask[4 * half + 3]})
                    .containsExactly(new float[] {expected, expected, expected, expected}, within(1e-6f));
            assertThat(mask[13 * half + 4]).isCloseTo(expected, within(1e-6f));
        }
    }

    @Test
    void radiusAndSoftnessLearn() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            FrequencySplit split = new FrequencySplit("f", new TrainableLayers(parameters));
            parameters.allocate(1);
            FrequencySplit.Parts parts = split.of(torch.randn(2, 7, 7, 3));
            parts.high().mul(parts.high()).sum().backward();
            assertThat(Math.abs(parameters.get("f.radius").tensor().grad().item_double()))
                    .isGreaterThan(1e-3);
            assertThat(Math.abs(parameters.get("f.log_softness").tensor().grad().item_double()))
                    .isGreaterThan(1e-4);
        }
    }
}
