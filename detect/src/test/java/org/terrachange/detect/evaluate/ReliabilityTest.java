package org.terrachange.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReliabilityTest {

    /// Labels drawn with the honest probability, which is then stated too boldly by a factor of the logit.
    private static Reliability bold(double factor, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = 200_000;
        float[] stated = new float[n];
        byte[] truth = new byte[n];
        for (int i = 0; i < n; i++) {
            double logit = random.nextDouble() * 6 - 4;
            truth[i] = (byte) (random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0);
            stated[i] = (float) (1 / (1 + Math.exp(-logit * factor)));
        }
        Reliability reliability = new Reliability();
        reliability.add(stated, truth);
        return reliability;
    }

    @Test
    void theTemperatureUndoesOverconfidence() {
        for (double factor : new double[] {0.5, 1, 2.5}) {
            Reliability reliability = bold(factor, 7);
            double temperature = reliability.bestTemperature();
            assertThat(temperature).as("seed 7, factor " + factor).isCloseTo(factor, within(0.05 * factor));
            assertThat(reliability.calibrationError(temperature)).isLessThan(0.01);
        }
        Reliability bold = bold(2.5, 7);
        assertThat(bold.calibrationError(1)).isGreaterThan(0.05);
        assertThat(bold.crossEntropy(bold.bestTemperature())).isLessThan(bold.crossEntropy(1));
    }

    @Test
    void groupsHoldEveryPixelOnceAndRise() {
        Reliability reliability = new Reliability();
        reliability.add(new float[] {0, 0.02f, 0.51f, 0.53f, 1}, new byte[] {0, 0, 1, 0, 1});
        assertThat(reliability.groups(1).stream().mapToLong(Reliability.Group::pixels))
                .containsExactly(2L, 2L, 1L);
        Reliability.Group middle = reliability.groups(1).get(1);
        assertThat(middle.stated()).isCloseTo(0.52, within(0.02));
        assertThat(middle.observed()).isEqualTo(0.5);
    }

    @Test
    void crossEntropyIsThatOfTheDefinition() {
        Reliability reliability = new Reliability();
        reliability.add(new float[] {0.5f, 0.5f}, new byte[] {0, 1});
        assertThat(reliability.crossEntropy(1)).isCloseTo(Math.log(2), within(1e-12));
        assertThat(new Reliability().bestTemperature()).isEqualTo(1);
    }
}
