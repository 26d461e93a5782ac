package org.terrachange.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.tensor.HostCopies;

class InfoNceTest {

    /// The definition, written out pair by pair: over each row and each column, the cross-entropy of the
    /// softmax with even shares for all of the same group.
    private static double naive(double[][] changes, double[][] texts, double logScale, long[] groups) {
        double scale = Math.min(100, Math.exp(logScale));
        return (direction(changes, texts, scale, groups) + direction(texts, changes, scale, groups)) / 2;
    }

    private static double direction(double[][] from, double[][] to, double scale, long[] groups) {
        int n = from.length;
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double all = 0;
            int right = 0;
            for (int j = 0; j < n; j++) {
                all += Math.exp(scale * cosine(from[i], to[j]));
                right += groups[i] == groups[j] ? 1 : 0;
            }
            for (int j = 0; j < n; j++) {
                if (groups[i] == groups[j]) {
                    loss -= (scale * cosine(from[i], to[j]) - Math.log(all)) / right;
                }
            }
        }
        return loss / n;
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

    private static double[][] random(int rows, int columns, Random random) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    private static Tensor tensor(double[][] values) {
        float[] flat = new float[values.length * values[0].length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) values[i / values[0].length][i % values[0].length];
        }
        Tensor tensor = torch.from_blob(new FloatPointer(flat), values.length, values[0].length)
                .clone();
        tensor.set_requires_grad(true);
        return tensor;
    }

    private static Tensor number(double value) {
        Tensor number = torch.full(new long[0], new Scalar(value));
        number.set_requires_grad(true);
        return number;
    }

    private static long[] groups(int n, int distinct, Random random) {
        long[] groups = new long[n];
        for (int i = 0; i < n; i++) {
            groups[i] = distinct == 0 ? i : random.nextInt(distinct);
        }
        return groups;
    }

    /// @param distinct groups; 0 gives every row its own
    @ParameterizedTest
    @CsvSource({"1, 4, 0, 2.6", "5, 8, 0, 2.6", "6, 8, 2, 2.6", "12, 16, 3, 3.9", "7, 5, 1, 1.0", "6, 8, 0, 4.9"})
    void lossAndGradientsAreThoseOfTheDefinition(int n, int d, int distinct, double logScale) {
        long seed = 10L * n + distinct;
        Random random = new Random(seed);
        double[][] changes = random(n, d, random);
        double[][] texts = random(n, d, random);
        long[] groups = groups(n, distinct, random);
        try (var _ = new PointerScope()) {
            Tensor first = tensor(changes);
            Tensor second = tensor(texts);
            Tensor scale = number(logScale);
            Tensor loss = InfoNce.of(first, second, scale, groups);
            assertThat(loss.item_double())
                    .as("seed %d", seed)
                    .isCloseTo(naive(changes, texts, logScale, groups), within(2e-5 * (1 + loss.item_double())));
            if (distinct == 0) {
                assertThat(InfoNce.of(first, second, scale).item_double()).isCloseTo(loss.item_double(), within(1e-5));
            }
            loss.backward();
            double step = 1e-5;
            float[] gradient = HostCopies.toHost(first.grad()).toFloats();
            float[] other = HostCopies.toHost(second.grad()).toFloats();
            for (int probe = 0; probe < 20; probe++) {
                int row = random.nextInt(n);
                int column = random.nextInt(d);
                double[][] table = probe % 2 == 0 ? changes : texts;
                double kept = table[row][column];
                table[row][column] = kept + step;
                double above = naive(changes, texts, logScale, groups);
                table[row][column] = kept - step;
                double below = naive(changes, texts, logScale, groups);
                table[row][column] = kept;
                assertThat((double) (probe % 2 == 0 ? gradient : other)[row * d + column])
                        .as("seed %d, row %d, column %d", seed, row, column)
                        .isCloseTo((above - below) / (2 * step), within(2e-4));
            }
            double slope =
                    (naive(changes, texts, logScale + step, groups) - naive(changes, texts, logScale - step, groups))
                            / (2 * step);
            assertThat(scale.grad().item_double()).as("seed %d", seed).isCloseTo(slope, within(1e-3));
        }
    }

    @Test
    void rowsOfOneGroupAttractEachOtherAndOthersRepel() {
        try (var _ = new PointerScope()) {
            Tensor texts = torch.eye(4);
            for (boolean grouped : new boolean[] {false, true}) {
                Tensor changes = torch.eye(4);
                changes.set_requires_grad(true);
                long[] groups = {0, 1, 2, grouped ? 2 : 3};
                InfoNce.of(changes, texts, number(1), groups).backward();
                double awayFromText3 = changes.grad().get(2).dot(texts.get(3)).item_double();
                assertThat(awayFromText3 > 0)
                        .as("change 2 is pushed away from text 3")
                        .isNotEqualTo(grouped);
            }
        }
    }

    @Test
    void gradientCachingOverPairsGivesTheGradientsOfTheWholeBatch() {
        Random random = new Random(5);
        double[][] weights = random(6, 8, random);
        double[][] inputs = random(8, 6, random);
        double[][] captions = random(8, 4, random);
        long[] groups = {0, 1, 2, 0, 4, 5, 5, 5};
        try (var _ = new PointerScope()) {
            Tensor plain = tensor(weights);
            Tensor plainScale = number(2);
            Tensor x = tensor(inputs).detach();
            Tensor y = tensor(captions).detach();
            Tensor loss = ofPairs(embedded(x, y, plain), plainScale, groups);
            loss.backward();
            Tensor cached = tensor(weights);
            Tensor cachedScale = number(2);
            double value = GradientCache.backward(
                    4,
                    part -> embedded(x.narrow(0, 2L * part, 2), y.narrow(0, 2L * part, 2), cached),
                    part -> embedded(x.narrow(0, 2L * part, 2), y.narrow(0, 2L * part, 2), cached),
                    all -> ofPairs(all, cachedScale, groups));
            assertThat(value).isCloseTo(loss.item_double(), within(1e-6));
            assertThat(cached.grad().sub(plain.grad()).abs().max().item_double())
                    .isLessThan(1e-6);
            assertThat(cachedScale.grad().item_double())
                    .isCloseTo(plainScale.grad().item_double(), within(1e-6));
        }
    }

    private static Tensor ofPairs(Tensor pairs, Tensor logScale, long[] groups) {
        long d = pairs.size(1) / 2;
        return InfoNce.of(pairs.narrow(1, 0, d), pairs.narrow(1, d, d), logScale, groups);
    }

    @Test
    void furtherCandidatesStandOnTheirOwnSideAlone() {
        Random random = new Random(9);
        double[][] changes = random(5, 6, random);
        double[][] texts = random(5, 6, random);
        double[][] moreChanges = random(3, 6, random);
        double[][] moreTexts = random(2, 6, random);
        long[] groups = {0, 1, 1, 2, 3};
        double expected = 0;
        for (int i = 0; i < 5; i++) {
            double forth = powers(texts[i], changes) + powers(texts[i], moreChanges);
            double back = powers(changes[i], texts) + powers(changes[i], moreTexts);
            int same = groups[i] == 1 ? 2 : 1;
            for (int j = 0; j < 5; j++) {
                if (groups[j] == groups[i]) {
                    expected -= (3 * cosine(texts[i], changes[j]) - Math.log(forth)) / same;
                    expected -= (3 * cosine(changes[i], texts[j]) - Math.log(back)) / same;
                }
            }
        }
        try (var _ = new PointerScope()) {
            Tensor none = torch.zeros(new long[] {0, 6});
            double loss = InfoNce.of(
                            tensor(changes),
                            tensor(texts),
                            tensor(moreChanges),
                            tensor(moreTexts),
                            number(Math.log(3)),
                            groups)
                    .item_double();
            assertThat(loss).isCloseTo(expected / 10, within(1e-5));
            assertThat(InfoNce.of(tensor(changes), tensor(texts), none, none, number(1), groups)
                            .item_double())
                    .isCloseTo(
                            InfoNce.of(tensor(changes), tensor(texts), number(1), groups)
                                    .item_double(),
                            within(1e-6));
        }
    }

    private static double powers(double[] row, double[][] candidates) {
        double sum = 0;
        for (double[] candidate : candidates) {
            sum += Math.exp(3 * cosine(row, candidate));
        }
        return sum;
    }

    /// A tower of one layer for the changes, and another, of its first columns, for the texts.
    private static Tensor embedded(Tensor x, Tensor y, Tensor weights) {
        Tensor change = x.matmul(weights);
        Tensor text = y.matmul(weights.narrow(0, 0, 4).tanh());
        return torch.cat(new TensorVector(change, text), 1);
    }

    @Test
    void aScalePastTheLargestIsBroughtBack() {
        try (var _ = new PointerScope()) {
            Tensor scale = number(7);
            InfoNce.cap(scale);
            assertThat(scale.item_double()).isCloseTo(Math.log(100), within(1e-6));
            Tensor small = number(1);
            InfoNce.cap(small);
            assertThat(small.item_double()).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void embeddingsThatDoNotPairAreRefused() {
        try (var _ = new PointerScope()) {
            Tensor three = torch.ones(new long[] {3, 4});
            Tensor two = torch.ones(new long[] {2, 4});
            assertThatThrownBy(() -> InfoNce.of(three, two, number(1))).hasMessageContaining("3x4 and 2x4");
            assertThatThrownBy(() -> InfoNce.of(two, two, number(1), new long[] {1}))
                    .hasMessageContaining("1 groups for 2 rows");
        }
    }
}
