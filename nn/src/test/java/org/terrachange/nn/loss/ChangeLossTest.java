package org.terrachange.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ChangeLossTest {

    private static double loss(float[] logits, float[] target) {
        try (var _ = new PointerScope()) {
            return ChangeLoss.of(tensor(logits), tensor(target)).item_double();
        }
    }

    private static Tensor tensor(float[] values) {
        return torch.from_blob(new FloatPointer(values), 1, 1, 1, values.length);
    }

    @Test
    void equalsItsTwoFormulasWrittenOut() {
        long seed = 17;
        Random random = new Random(seed);
        float[] logits = new float[64];
        float[] target = new float[64];
        double entropy = 0;
        double overlap = 0;
        double total = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (random.nextGaussian() * 3);
            target[i] = random.nextInt(4) == 0 ? 1 : 0;
            double p = 1 / (1 + Math.exp(-logits[i]));
            entropy -= target[i] * Math.log(p) + (1 - target[i]) * Math.log(1 - p);
            overlap += p * target[i];
            total += p + target[i];
        }
        double expected = entropy / logits.length + 1 - (2 * overlap + 1) / (total + 1);
        assertThat(loss(logits, target)).as("seed %d", seed).isCloseTo(expected, within(1e-5));
    }

    @Test
    void aPerfectAndCertainMapCostsNothingAndAWrongOneMuch() {
        float[] target = {1, 0, 0, 1};
        assertThat(loss(new float[] {30, -30, -30, 30}, target)).isCloseTo(0, within(1e-5));
        assertThat(loss(new float[] {-30, 30, 30, -30}, target)).isGreaterThan(20);
    }

    @Test
    void aBatchWithoutChangeHasAFiniteLoss() {
        assertThat(loss(new float[] {-2, -3, -1}, new float[3])).isBetween(0.0, 2.0);
    }
}
