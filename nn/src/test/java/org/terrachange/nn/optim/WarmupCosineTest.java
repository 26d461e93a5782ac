package org.terrachange.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WarmupCosineTest {
    private final WarmupCosine schedule = new WarmupCosine(0.1, 10, 110, 0.01);

    @Test
    void risesLinearlyThenFallsAlongACosineToTheFloor() {
        assertThat(schedule.at(0)).isCloseTo(0.01, within(1e-12));
        assertThat(schedule.at(9)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.at(10)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.at(60)).isCloseTo(0.1 * (0.01 + 0.99 / 2), within(1e-12));
        assertThat(schedule.at(110)).isCloseTo(0.001, within(1e-12));
        assertThat(schedule.at(500)).isCloseTo(0.001, within(1e-12));
    }

    @Test
    void neverRisesAfterTheWarmUp() {
        for (int step = 10; step < 120; step++) {
            assertThat(schedule.at(step + 1)).isLessThanOrEqualTo(schedule.at(step));
        }
    }

    @Test
    void impossibleSchedulesAreRefusedWithTheirValues() {
        assertThatThrownBy(() -> new WarmupCosine(0.1, 100, 100, 0)).hasMessageContaining("warm-up 100");
        assertThatThrownBy(() -> new WarmupCosine(-1, 0, 100, 0)).hasMessageContaining("peak -1");
    }

    @Test
    void aShareOfFewStepsLeavesTheLastOneForTheFall() {
        assertThat(WarmupCosine.over(110, 0.1, 0.09, 0.01)).isEqualTo(schedule);
        assertThat(WarmupCosine.over(1, 0.1, 0.9, 0.01).warmup()).isZero();
        for (double[] wrong : new double[][] {{0, 0}, {Double.NaN, 0}, {1, 1}, {1, -0.1}, {1, Double.NaN}}) {
            assertThatThrownBy(() -> WarmupCosine.requireUsable(wrong[0], wrong[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
