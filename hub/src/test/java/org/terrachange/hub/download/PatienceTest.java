package org.terrachange.hub.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatienceTest {
    @Test
    void pausesDoubleUpToALimitAndDifferByChance() {
        SplittableRandom random = new SplittableRandom(1);
        for (int failures = 1; failures <= 70; failures++) {
            long most = failures <= 7 ? 1000L << (failures - 1) : 120_000;
            assertThat(Patience.USUAL.pause(failures, random))
                    .isBetween(
                            Duration.ofMillis(Math.min(most, 120_000) / 2), Duration.ofMillis(Math.min(most, 120_000)));
        }
        assertThat(Patience.USUAL.pause(5, random)).isNotEqualTo(Patience.USUAL.pause(5, random));
    }
}
