package org.terrachange.detect.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileAxisTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 255, 256, 257, 448, 449, 1000, 10_000})
    void weightsOfAllTilesSumToOneAtEveryPixel(int length) {
        for (int overlap : new int[] {0, 1, 64, 128}) {
            check(length, 256, overlap);
        }
    }

    @Test
    void weightsSumToOneForRandomSizes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int tile = 32 * (1 + random.nextInt(20));
            check(1 + random.nextInt(5000), tile, random.nextInt(tile / 2 + 1));
        }
        System.err.println("TileAxisTest seed " + seed);
    }

    private static void check(int length, int tile, int overlap) {
        TileAxis axis = new TileAxis(length, tile, overlap);
        float[] sum = new float[length];
        int settled = 0;
        for (int i = 0; i < axis.spans().size(); i++) {
            TileAxis.Span span = axis.spans().get(i);
            assertThat(span.padded()).isBetween(span.length(), tile).matches(p -> p % 32 == 0);
            assertThat(span.start()).isEqualTo(settled);
            float[] weights = axis.weights(i);
            for (int x = 0; x < span.length(); x++) {
                sum[span.start() + x] += weights[x];
            }
            settled += axis.settled(i);
        }
        assertThat(settled)
                .as("%d pixels in tiles of %d overlapping by %d", length, tile, overlap)
                .isEqualTo(length);
        for (float s : sum) {
            assertThat(s).isCloseTo(1, within(1e-6f));
        }
    }

    @Test
    void impossibleTilesAreRefused() {
        assertThatThrownBy(() -> new TileAxis(100, 100, 0)).hasMessageContaining("multiple of 32");
        assertThatThrownBy(() -> new TileAxis(100, 64, 33)).hasMessageContaining("half the tile size");
    }
}
