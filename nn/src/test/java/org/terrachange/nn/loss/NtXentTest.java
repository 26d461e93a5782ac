package org.terrachange.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.tensor.HostCopies;

class NtXentTest {

    /// Algorithm 1 of Chen et al. 2020, written out pair by pair.
    private static double naive(double[][] z, double temperature) {
        int n = z.length / 2;
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            int partner = i < n ? i + n : i - n;
            double others = 0;
            for (int k = 0; k < z.length; k++) {
                if (k != i) {
                    others += Math.exp(cosine(z[i], z[k]) / temperature);
                }
            }
            sum -= Math.log(Math.exp(cosine(z[i], z[partner]) / temperature) / others);
        }
        return sum / z.length;
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            lengthA += a[i] * a[i];
            lengthB += b[i] * b[i];
        }
        return product / Math.sqrt(lengthA * lengthB);
    }

    private static double[][] random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[][] z = new double[rows][columns];
        for (double[] row : z) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return z;
    }

    private static float[] flat(double[][] z, int from, int to) {
        int columns = z[0].length;
        float[] values = new float[(to - from) * columns];
        for (int i = from; i < to; i++) {
            for (int j = 0; j < columns; j++) {
                values[(i - from) * columns + j] = (float) z[i][j];
            }
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 0.5", "2, 3, 0.1", "7, 16, 0.5", "32, 128, 0.1"})
    void lossAndGradientsAreThoseOfThePapersAlgorithm(int n, int d, double temperature) {
        long seed = 100 + n;
        double[][] z = random(2 * n, d, seed);
        try (var _ = new PointerScope()) {
            Tensor first =
                    torch.from_blob(new FloatPointer(flat(z, 0, n)), n, d).clone();
            Tensor second =
                    torch.from_blob(new FloatPointer(flat(z, n, 2 * n)), n, d).clone();
            first.set_requires_grad(true);
            second.set_requires_grad(true);
            Tensor loss = NtXent.of(first, second, temperature);
            assertThat(loss.item_double()).as("seed %d", seed).isCloseTo(naive(z, temperature), within(1e-5));
            loss.backward();
            float[] gradient = HostCopies.toHost(first.grad()).toFloats();
            float[] other = HostCopies.toHost(second.grad()).toFloats();
            Random random = new Random(seed);
            for (int probe = 0; probe < 20; probe++) {
                int row = random.nextInt(2 * n);
                int column = random.nextInt(d);
                double kept = z[row][column];
                double step = 1e-5;
                z[row][column] = kept + step;
                double above = naive(z, temperature);
                z[row][column] = kept - step;
                double below = naive(z, temperature);
                z[row][column] = kept;
                float actual = row < n ? gradient[row * d + column] : other[(row - n) * d + column];
                assertThat((double) actual)
                        .as("seed %d, row %d, column %d", seed, row, column)
                        .isCloseTo((above - below) / (2 * step), within(1e-5));
            }
        }
    }

    @Test
    void viewsThatFindEachOtherCostNextToNothingAndEqualOnesTheLogarithmOfTheChoice() {
        try (var _ = new PointerScope()) {
            Tensor distinct = torch.eye(8);
            assertThat(NtXent.of(distinct, distinct, 0.05).item_double()).isLessThan(1e-6);
            Tensor equal = torch.ones(new long[] {8, 4});
            assertThat(NtXent.of(equal, equal, 0.5).item_double()).isCloseTo(Math.log(15), within(1e-5));
        }
    }

    @Test
    void batchesOfUnequalSizeAndTemperaturesOfNoUseAreRefused() {
        try (var _ = new PointerScope()) {
            Tensor three = torch.ones(new long[] {3, 4});
            Tensor two = torch.ones(new long[] {2, 4});
            assertThatThrownBy(() -> NtXent.of(three, two, 0.5)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> NtXent.of(two, two, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
