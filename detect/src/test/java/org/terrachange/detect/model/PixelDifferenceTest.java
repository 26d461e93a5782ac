package org.terrachange.detect.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PixelDifferenceTest {
    private static final int SIZE = 64;
    private static final int AREA = SIZE * SIZE;

    private static byte[] noise(long seed) {
        Random random = new Random(seed);
        byte[] image = new byte[3 * AREA];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) (60 + random.nextInt(40));
        }
        return image;
    }

    @Test
    void brighterLightIsNoChangeAndANewRoofIs() {
        byte[] before = noise(1);
        byte[] after = new byte[before.length];
        for (int i = 0; i < after.length; i++) {
            boolean roof = i % AREA / SIZE < 10 && i % SIZE < 10;
            after[i] = (byte) (roof ? 250 : before[i] + 30);
        }
        float[] scores = new PixelDifference().probabilities(before, after, 1, SIZE, SIZE);
        assertThat(scores[5 * SIZE + 5]).isGreaterThan(0.3f);
        assertThat(scores[40 * SIZE + 40]).isLessThan(0.2f);
        assertThat(scores).hasSize(AREA);
        for (float score : scores) {
            assertThat(score).isBetween(0f, 1f);
        }
    }

    @Test
    void equalDatesScoreZeroAndPairsOfABatchDoNotMix() {
        byte[] one = noise(1);
        byte[] other = noise(2);
        byte[] before = new byte[6 * AREA];
        byte[] after = new byte[6 * AREA];
        System.arraycopy(one, 0, before, 0, 3 * AREA);
        System.arraycopy(one, 0, after, 0, 3 * AREA);
        System.arraycopy(one, 0, before, 3 * AREA, 3 * AREA);
        System.arraycopy(other, 0, after, 3 * AREA, 3 * AREA);
        float[] scores = new PixelDifference().probabilities(before, after, 2, SIZE, SIZE);
        float[] alone = new PixelDifference().probabilities(one, other, 1, SIZE, SIZE);
        for (int i = 0; i < AREA; i++) {
            assertThat(scores[i]).isZero();
            assertThat(scores[AREA + i]).isEqualTo(alone[i]);
        }
    }
}
