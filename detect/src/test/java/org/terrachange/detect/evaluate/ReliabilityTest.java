package org.terrachange.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.detect.model.Calibration;

class ReliabilityTest {

    /// Labels drawn with the honest probability of a logit; stated is another one, a line in that logit.
    private static Reliability stated(double slope, double shift, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = 200_000;
        float[] stated = new float[n];
        byte[] truth = new byte[n];
        for (int i = 0; i < n; i++) {
            double logit = random.nextDouble() * 6 - 4;
            truth[i] = (byte) (random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0);
            stated[i] = (float) (1 / (1 + Math.exp(-slope * logit - shift)));
        }
        Reliability reliability = new Reliability();
        reliability.add(stated, truth);
        return reliability;
    }

    @Test
    void theCalibrationUndoesOverconfidenceAndBias() {
        for (double slope : new double[] {0.5, 1, 2.5}) {
            for (double shift : new double[] {-0.7, 0, 1.5}) {
                Reliability reliability = stated(slope, shift, 7);
                Calibration best = reliability.bestCalibration();
                String what = "seed 7, slope " + slope + ", shift " + shift;
                assertThat(best.temperature()).as(what).isCloseTo(slope, within(0.05 * slope));
                assertThat(best.offset()).as(what).isCloseTo(-shift / slope, within(0.05));
                assertThat(reliability.calibrationError(best)).as(what).isLessThan(0.01);
                assertThat(reliability.crossEntropy(best))
                        .as(what)
                        .isLessThanOrEqualTo(reliability.crossEntropy(Calibration.NONE));
            }
        }
        assertThat(stated(2.5, 0, 7).calibrationError(Calibration.NONE)).isGreaterThan(0.05);
    }

    @Test
    void groupsHoldEveryPixelOnceAndRise() {
        Reliability reliability = new Reliability();
        reliability.add(new float[] {0, 0.02f, 0.51f, 0.53f, 1}, new byte[] {0, 0, 1, 0, 1});
        assertThat(reliability.groups(Calibration.NONE).stream().mapToLong(Reliability.Group::pixels))
                .containsExactly(2L, 2L, 1L);
        Reliability.Group middle = reliability.groups(Calibration.NONE).get(1);
        assertThat(middle.stated()).isCloseTo(0.52, within(0.02));
        assertThat(middle.observed()).isEqualTo(0.5);
    }

    @Test
    void crossEntropyIsThatOfTheDefinition() {
        Reliability reliability = new Reliability();
        reliability.add(new float[] {0.5f, 0.5f}, new byte[] {0, 1});
        assertThat(reliability.crossEntropy(Calibration.NONE)).isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void labelsOfOneKindGiveNoCalibration() {
        Reliability reliability = new Reliability();
        assertThat(reliability.bestCalibration()).isEqualTo(Calibration.NONE);
        reliability.add(new float[] {0.1f, 0.9f}, new byte[] {0, 0});
        assertThat(reliability.bestCalibration()).isEqualTo(Calibration.NONE);
    }

    /// Logits of unchanged pixels, of changed ones that were found and missed, and of false alarms, each about a mean.
    ///
    /// @param changed share of the pixels that changed
    /// @param missed share of these that got `missedAt`
    private static Reliability sureOf(double changed, double missed, double missedAt, double spread) {
        SplittableRandom random = new SplittableRandom(11);
        int n = 200_000;
        float[] stated = new float[n];
        byte[] truth = new byte[n];
        for (int i = 0; i < n; i++) {
            truth[i] = (byte) (random.nextDouble() < changed ? 1 : 0);
            double mean;
            if (truth[i] != 0) {
                mean = random.nextDouble() < missed ? missedAt : 6;
            } else {
                mean = random.nextDouble() < 0.01 ? 3 : -12;
            }
            stated[i] = (float) (1 / (1 + Math.exp(-mean - spread * random.nextGaussian())));
        }
        Reliability reliability = new Reliability();
        reliability.add(stated, truth);
        return reliability;
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.3, -9, 2", "0.05, 0.5, -9, 2", "0.05, 0.18, -9, 3", "0.02, 0.9, -14, 1", "0.3, 0.02, -15, 1"})
    void aNetworkThatIsSureWhereItErrsIsCalibratedToo(double changed, double missed, double missedAt, double spread) {
        Reliability reliability = sureOf(changed, missed, missedAt, spread);

        Calibration best = reliability.bestCalibration();

        double reached = reliability.crossEntropy(best);
        assertThat(reached).isLessThan(reliability.crossEntropy(Calibration.NONE));
        // Nothing nearby does better, so that this is the one minimum of a convex function.
        for (double[] step : new double[][] {{1.02, 0}, {0.98, 0}, {1, 0.02}, {1, -0.02}}) {
            double temperature = Math.clamp(best.temperature() * step[0], 0.05, 20);
            double offset = Math.clamp(best.offset() + step[1], -16, 16);
            assertThat(reliability.crossEntropy(new Calibration(temperature, offset)))
                    .as("beside %s", best)
                    .isGreaterThanOrEqualTo(reached - 1e-9);
        }
    }
}
