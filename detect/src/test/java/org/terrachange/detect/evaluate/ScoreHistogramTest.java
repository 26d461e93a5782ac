package org.terrachange.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreHistogramTest {

    @Test
    void countsAtEveryThresholdEqualADirectCount() {
        long seed = 20261121;
        Random random = new Random(seed);
        float[] probability = new float[20_000];
        byte[] truth = new byte[probability.length];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = (byte) (random.nextDouble() < 0.2 ? 1 : 0);
            probability[i] = (float) Math.clamp(random.nextGaussian() * 0.2 + (truth[i] != 0 ? 0.6 : 0.3), 0, 1);
        }
        ScoreHistogram histogram = new ScoreHistogram();
        histogram.add(probability, truth);
        for (double threshold : new double[] {0.05, 0.25, 0.5, 0.7, 0.95}) {
            long tp = 0;
            long fp = 0;
            for (int i = 0; i < truth.length; i++) {
                if (probability[i] >= threshold) {
                    tp += truth[i];
                    fp += 1 - truth[i];
                }
            }
            Confusion counted = histogram.at(threshold);
            // A value within a ten-thousandth of a bin of its edge may fall on either side.
            assertThat((double) counted.truePositives()).as("seed %d", seed).isCloseTo(tp, within(2.0));
            assertThat((double) counted.falsePositives()).isCloseTo(fp, within(2.0));
            assertThat(counted.pixels()).isEqualTo(truth.length);
        }
    }

    @Test
    void aValueAtTheThresholdIsReported() {
        ScoreHistogram histogram = new ScoreHistogram();
        histogram.add(new float[] {0.25f, 0.2499f}, new byte[] {1, 1});
        assertThat(histogram.at(0.25).truePositives()).isEqualTo(1);
    }

    @Test
    void theBestThresholdSeparatesWhatCanBeSeparated() {
        ScoreHistogram histogram = new ScoreHistogram();
        histogram.add(new float[] {0.1f, 0.2f, 0.3f, 0.35f}, new byte[] {0, 0, 1, 1});
        double best = histogram.bestThreshold();
        assertThat(best).isBetween(0.21, 0.30);
        assertThat(histogram.at(best).f1()).isEqualTo(1);
    }

    @Test
    void scoresFollowTheirDefinitions() {
        Confusion c = new Confusion(30, 10, 20, 940);
        assertThat(c.precision()).isEqualTo(0.75);
        assertThat(c.recall()).isEqualTo(0.6);
        assertThat(c.f1()).isCloseTo(2 * 0.75 * 0.6 / 1.35, within(1e-12));
        assertThat(c.iou()).isEqualTo(0.5);
        assertThat(c.accuracy()).isEqualTo(0.97);
        double chance = (40 * 50 + 960 * 950) / 1e6;
        assertThat(c.kappa()).isCloseTo((0.97 - chance) / (1 - chance), within(1e-12));
    }

    @Test
    void nothingToCountGivesZeroesNotNaN() {
        Confusion none = new ScoreHistogram().at(0.5);
        assertThat(none.f1()).isZero();
        assertThat(none.kappa()).isZero();
        assertThat(none.accuracy()).isZero();
    }

    @Test
    void labelsMustFitTheProbabilities() {
        assertThatThrownBy(() -> new ScoreHistogram().add(new float[3], new byte[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3")
                .hasMessageContaining("4");
    }
}
