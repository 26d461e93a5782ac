package org.terrachange.nn.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
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

class TransformerTest {
    private static final int WIDTH = 12;

    private static float[] random(long seed, int size) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Tensor tensor(float[] values, long... shape) {
        return torch.from_blob(new FloatPointer(values), shape).clone();
    }

    /// Attention written out head by head and pair by pair.
    ///
    /// @param p `in_proj_weight`, `in_proj_bias`, `out_proj.weight`, `out_proj.bias`
    private static double[][] naive(double[][] queries, double[][] context, float[][] p, int heads, boolean causal) {
        int size = WIDTH / heads;
        double[][] q = affine(queries, p[0], p[1], 0, WIDTH);
        double[][] k = affine(context, p[0], p[1], WIDTH, WIDTH);
        double[][] v = affine(context, p[0], p[1], 2 * WIDTH, WIDTH);
        double[][] mixed = new double[q.length][WIDTH];
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < q.length; i++) {
                int seen = causal ? i + 1 : k.length;
                double[] weights = new double[seen];
                double sum = 0;
                for (int j = 0; j < seen; j++) {
                    double product = 0;
                    for (int c = h * size; c < (h + 1) * size; c++) {
                        product += q[i][c] * k[j][c];
                    }
                    weights[j] = Math.exp(product / Math.sqrt(size));
                    sum += weights[j];
                }
                for (int j = 0; j < seen; j++) {
                    for (int c = h * size; c < (h + 1) * size; c++) {
                        mixed[i][c] += weights[j] / sum * v[j][c];
                    }
                }
            }
        }
        return affine(mixed, p[2], p[3], 0, WIDTH);
    }

    private static double[][] affine(double[][] x, float[] weight, float[] bias, int from, int count) {
        double[][] y = new double[x.length][count];
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < count; o++) {
                y[i][o] = bias[from + o];
                for (int c = 0; c < WIDTH; c++) {
                    y[i][o] += weight[(from + o) * WIDTH + c] * x[i][c];
                }
            }
        }
        return y;
    }

    private static double[][] rows(float[] values, int sequence, int length) {
        double[][] rows = new double[length][WIDTH];
        for (int i = 0; i < length * WIDTH; i++) {
            rows[i / WIDTH][i % WIDTH] = values[sequence * length * WIDTH + i];
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"1, false", "3, false", "4, true"})
    void attentionIsThatOfTheDefinition(int heads, boolean causal) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            MultiHeadAttention attention =
                    new MultiHeadAttention("attn", WIDTH, heads, 0.3, new TrainableLayers(parameters));
            parameters.allocate(1);
            float[][] p = new float[4][];
            String[] names = {"in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"};
            for (int i = 0; i < 4; i++) {
                Tensor values = parameters.get("attn." + names[i]).tensor();
                p[i] = random(50 + i, (int) values.numel());
                HostCopies.fill(values, p[i]);
            }
            float[] x = random(1, 2 * 5 * WIDTH);
            float[] other = random(2, 2 * 7 * WIDTH);
            Tensor self = attention.self(tensor(x, 2, 5, WIDTH), causal);
            Tensor across = attention.across(tensor(x, 2, 5, WIDTH), tensor(other, 2, 7, WIDTH));
            for (int sequence = 0; sequence < 2; sequence++) {
                double[][] own = rows(x, sequence, 5);
                assertRows(self, sequence, naive(own, own, p, heads, causal));
                assertRows(across, sequence, naive(own, rows(other, sequence, 7), p, heads, false));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void bfloat16AgreesWithFloat32ForwardAndBackward(boolean causal) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            MultiHeadAttention attention =
                    new MultiHeadAttention("attn", WIDTH, 3, 0.3, new TrainableLayers(parameters));
            parameters.allocate(1);
            Tensor weights = tensor(random(4, 2 * 7 * WIDTH), 2, 7, WIDTH);
            Tensor[] gradients = new Tensor[2];
            Tensor[] outputs = new Tensor[2];
            for (int i = 0; i < 2; i++) {
                Tensor x = tensor(random(3, 2 * 7 * WIDTH), 2, 7, WIDTH);
                x.set_requires_grad(true);
                Tensor y = attention
                        .self(i == 0 ? x : x.to(torch.ScalarType.BFloat16), causal)
                        .to(torch.ScalarType.Float);
                y.mul(weights).sum().backward();
                outputs[i] = y.detach();
                gradients[i] = x.grad();
            }
            assertAlike(outputs[1], outputs[0]);
            assertAlike(gradients[1], gradients[0]);
        }
    }

    /// bfloat16 keeps eight bits: several roundings of one part in 256 each.
    private static void assertAlike(Tensor coarse, Tensor fine) {
        double largest = fine.abs().max().item_double();
        assertThat(largest).isGreaterThan(0.01);
        assertThat(coarse.sub(fine).abs().max().item_double()).isLessThan(0.04 * largest);
    }

    private static void assertRows(Tensor actual, int sequence, double[][] expected) {
        float[] values = HostCopies.toHost(actual).toFloats();
        for (int i = 0; i < expected.length; i++) {
            for (int c = 0; c < WIDTH; c++) {
                assertThat((double) values[(sequence * expected.length + i) * WIDTH + c])
                        .isCloseTo(expected[i][c], within(1e-4));
            }
        }
    }

    @Test
    void aCausalTransformerDoesNotSeeWhatComesLater() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Transformer transformer =
                    new Transformer("t", WIDTH, 2, 3, Activation.GELU, true, new TrainableLayers(parameters));
            parameters.allocate(1);
            float[] first = random(1, 6 * WIDTH);
            float[] second = first.clone();
            second[4 * WIDTH] += 1;
            Tensor a = transformer.forward(tensor(first, 1, 6, WIDTH));
            Tensor b = transformer.forward(tensor(second, 1, 6, WIDTH));
            assertThat(a.narrow(1, 0, 4).sub(b.narrow(1, 0, 4)).abs().max().item_double())
                    .isLessThan(1e-6);
            assertThat(a.narrow(1, 4, 2).sub(b.narrow(1, 4, 2)).abs().max().item_double())
                    .isGreaterThan(1e-3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GELU, 1.0, 0.841345",
        "GELU, -2.0, -0.045500",
        "QUICK_GELU, 1.0, 0.845796",
        "QUICK_GELU, -2.0, -0.064337"
    })
    void activationsHaveTheirPublishedValues(Activation activation, double x, double expected) {
        try (var _ = new PointerScope()) {
            Tensor value = activation.of(tensor(new float[] {(float) x}, 1));
            assertThat(value.item_double()).isCloseTo(expected, within(1e-5));
        }
        assertThat(Activation.parse(activation.label())).isEqualTo(activation);
    }

    @Test
    void axesInTheWrongPlaceAndHeadsThatDoNotDivideAreRefused() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            TrainableLayers layers = new TrainableLayers(parameters);
            assertThatThrownBy(() -> new MultiHeadAttention("bad", WIDTH, 5, 1, layers))
                    .hasMessageContaining("5 heads")
                    .hasMessageContaining("12");
            MultiHeadAttention attention = new MultiHeadAttention("attn", WIDTH, 3, 1, layers);
            parameters.allocate(1);
            assertThatThrownBy(() -> attention.self(torch.zeros(2, WIDTH, 5), false))
                    .hasMessageContaining("[batch, length, 12]")
                    .hasMessageContaining("[2, 12, 5]");
            assertThatThrownBy(() -> attention.across(torch.zeros(2, 5, WIDTH), torch.zeros(3, 5, WIDTH)))
                    .hasMessageContaining("2 and 3");
        }
    }

    @Test
    void unknownActivationsAreRefused() {
        assertThatThrownBy(() -> Activation.parse("relu")).hasMessageContaining("gelu or quick_gelu");
    }
}
