package org.terrachange.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Initializer;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameter.Kind;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.tensor.Precision;

class MuonTest {
    private static final double DECAY = 0.01;

    /// One matrix under the published rule, in double precision and by the book.
    private static final class Naive {
        private final double[][] values;
        private final double[][] momentum;

        Naive(int rows, int columns, double value) {
            values = new double[rows][columns];
            momentum = new double[rows][columns];
            for (double[] row : values) {
                Arrays.fill(row, value);
            }
        }

        void step(double[][] gradient, double rate) {
            double[][] step = new double[values.length][values[0].length];
            for (int i = 0; i < values.length; i++) {
                for (int j = 0; j < values[0].length; j++) {
                    momentum[i][j] = 0.95 * momentum[i][j] + 0.05 * gradient[i][j];
                    step[i][j] = 0.05 * gradient[i][j] + 0.95 * momentum[i][j];
                }
            }
            double length = 0;
            for (double[] row : step) {
                for (double value : row) {
                    length += value * value;
                }
            }
            double[][] x = scaled(step, 1 / (Math.sqrt(length) + 1e-7));
            for (int round = 0; round < 5; round++) {
                double[][] square = product(x, transposed(x));
                double[][] factor = sum(scaled(square, -4.7750), scaled(product(square, square), 2.0315));
                x = sum(scaled(x, 3.4445), product(factor, x));
            }
            double scale = 0.2 * Math.sqrt(Math.max(values.length, values[0].length));
            for (int i = 0; i < values.length; i++) {
                for (int j = 0; j < values[0].length; j++) {
                    values[i][j] = values[i][j] * (1 - rate * DECAY) - rate * scale * x[i][j];
                }
            }
        }

        private static double[][] product(double[][] a, double[][] b) {
            double[][] c = new double[a.length][b[0].length];
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < b[0].length; j++) {
                    for (int k = 0; k < b.length; k++) {
                        c[i][j] += a[i][k] * b[k][j];
                    }
                }
            }
            return c;
        }

        private static double[][] transposed(double[][] a) {
            double[][] t = new double[a[0].length][a.length];
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a[0].length; j++) {
                    t[j][i] = a[i][j];
                }
            }
            return t;
        }

        private static double[][] scaled(double[][] a, double factor) {
            return Arrays.stream(a)
                    .map(row -> Arrays.stream(row).map(value -> value * factor).toArray())
                    .toArray(double[][]::new);
        }

        private static double[][] sum(double[][] a, double[][] b) {
            double[][] c = scaled(a, 1);
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a[0].length; j++) {
                    c[i][j] += b[i][j];
                }
            }
            return c;
        }
    }

    @Test
    void everyStepOfAWideAndOfATallWeightEqualsThePublishedRule() {
        Random random = new Random(21);
        try (Parameters parameters = new Parameters()) {
            // A bias first: the flat storage orders weights before it.
            parameters.declare("bias", Kind.UNDECAYED, new Initializer.Constant(0.5f), 3);
            Parameter wide = parameters.declare("wide", Kind.WEIGHT, new Initializer.Constant(0.3f), 16, 3, 3, 3);
            Parameter tall = parameters.declare("tall", Kind.WEIGHT, new Initializer.Constant(-0.2f), 32, 5, 1, 1);
            parameters.allocate(0);
            Parameter[] all = {wide, tall};
            Naive[] naive = {new Naive(16, 27, 0.3), new Naive(32, 5, -0.2)};
            try (Muon optimizer = new Muon(parameters, DECAY, _ -> 1, Precision.FP32)) {
                for (int step = 1; step <= 4; step++) {
                    double rate = 0.01 * step;
                    for (int p = 0; p < 2; p++) {
                        int columns = naive[p].values[0].length;
                        double[][] gradient = new double[naive[p].values.length][columns];
                        float[] flat = new float[gradient.length * columns];
                        for (int i = 0; i < flat.length; i++) {
                            flat[i] = (float) random.nextGaussian();
                            gradient[i / columns][i % columns] = flat[i];
                        }
                        HostCopies.fill(all[p].tensor().grad(), flat);
                        naive[p].step(gradient, rate);
                    }
                    optimizer.step(rate);
                    assertThat(optimizer.steps()).isEqualTo(step);
                    for (int p = 0; p < 2; p++) {
                        float[] values = HostCopies.toHost(all[p].tensor()).toFloats();
                        int columns = naive[p].values[0].length;
                        for (int i = 0; i < values.length; i++) {
                            assertThat((double) values[i])
                                    .as("weight %d, value %d, step %d", p, i, step)
                                    .isCloseTo(naive[p].values[i / columns][i % columns], within(2e-5));
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOrthogonalisedMatrixHasSingularValuesAroundOne(Precision precision) {
        try (var _ = new PointerScope()) {
            torch.manual_seed(4);
            Tensor matrix = torch.randn(24, 60).mul(new Scalar(100));
            Tensor step = Muon.orthogonalised(matrix, precision.scalarType());
            float[] values = HostCopies.toHost(step.matmul(step.t())).toFloats();
            for (int i = 0; i < 24; i++) {
                for (int j = 0; j < 24; j++) {
                    assertThat(values[i * 24 + j]).isBetween(i == j ? 0.4f : -0.5f, i == j ? 1.6f : 0.5f);
                }
            }
        }
    }

    @Test
    void biasesAndHeadsOfFewRowsMoveAsUnderAdamW() {
        float[][] moved = new float[2][];
        for (int run = 0; run < 2; run++) {
            try (Parameters parameters = new Parameters()) {
                Parameter head = parameters.declare("head", Kind.WEIGHT, new Initializer.Constant(1), 4, 3, 1, 1);
                Parameter bias = parameters.declare("bias", Kind.UNDECAYED, new Initializer.Constant(0.5f), 3);
                parameters.allocate(0);
                try (Optimizer optimizer = (run == 0 ? OptimizerChoice.MUON : OptimizerChoice.ADAMW)
                        .over(parameters, DECAY, _ -> 1, Precision.FP32)) {
                    for (int step = 0; step < 3; step++) {
                        HostCopies.fill(head.tensor().grad(), new float[] {1, -2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3});
                        HostCopies.fill(bias.tensor().grad(), new float[] {1, -1, step});
                        optimizer.step(0.1);
                    }
                }
                moved[run] = new float[15];
                System.arraycopy(HostCopies.toHost(head.tensor()).toFloats(), 0, moved[run], 0, 12);
                System.arraycopy(HostCopies.toHost(bias.tensor()).toFloats(), 0, moved[run], 12, 3);
            }
        }
        assertThat(moved[0]).containsExactly(moved[1]);
        assertThat(moved[0][0]).isNotEqualTo(1);
    }

    @Test
    void aWeightWithAShareOfTheRateMovesByThatShare() {
        float[] way = new float[2];
        for (int run = 0; run < 2; run++) {
            double share = run == 0 ? 1 : 0.25;
            try (Parameters parameters = new Parameters()) {
                Parameter weight = parameters.declare("w", Kind.WEIGHT, new Initializer.Constant(0), 16, 2, 1, 1);
                parameters.allocate(0);
                float[] gradient = new float[32];
                gradient[0] = 1;
                gradient[3] = -2;
                HostCopies.fill(weight.tensor().grad(), gradient);
                try (Muon optimizer = new Muon(parameters, DECAY, _ -> share, Precision.FP32)) {
                    optimizer.step(0.1);
                }
                way[run] = HostCopies.toHost(weight.tensor()).toFloats()[0];
            }
        }
        assertThat(way[0]).isNegative();
        assertThat(way[1]).isCloseTo(way[0] * 0.25f, within(1e-6f));
    }
}
