package org.terrachange.search.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomOrderTest {

    /// The sum over places of the chance that the first right answer is there, each from its definition.
    private static double naive(int right, int size) {
        RandomOrder order = new RandomOrder(size);
        double sum = 0;
        for (int k = 1; k <= size; k++) {
            sum += (order.recall(right, k) - order.recall(right, k - 1)) / k;
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0, 7", "7, 7", "1, 24", "2, 24", "12, 24", "5, 1000", "800, 1000"})
    void reciprocalsAreThoseOfTheDefinition(int right, int size) {
        assertThat(new RandomOrder(size).reciprocal(right)).isCloseTo(naive(right, size), within(1e-12));
    }

    /// Of one right answer, every place is as likely: the mean of 1/k. Places times places would never end here.
    @Test
    void largeGalleriesAreOrderedInOneGo() {
        int size = 4_000_000;
        double harmonic = 0;
        for (int k = size; k >= 1; k--) {
            harmonic += 1.0 / k;
        }

        assertThat(new RandomOrder(size).reciprocal(1)).isCloseTo(harmonic / size, within(1e-12));
    }

    @Test
    void recallCountsWithoutReplacement() {
        assertThat(new RandomOrder(10).recall(1, 5)).isCloseTo(0.5, within(1e-12));
        assertThat(new RandomOrder(4).recall(2, 2)).isCloseTo(1 - 2.0 / 4 * 1 / 3, within(1e-12));
        assertThat(new RandomOrder(3).recall(1, 5)).isEqualTo(1);
    }
}
