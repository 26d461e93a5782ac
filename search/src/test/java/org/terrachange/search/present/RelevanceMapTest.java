package org.terrachange.search.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.terrachange.search.model.PairEmbedder;

class RelevanceMapTest {
    private static final int SIZE = 24;

    /// A model to which a change is the mean of the difference in red, against that in green.
    private static final PairEmbedder RED_OR_GREEN = new PairEmbedder() {
        @Override
        public List<float[]> changes(byte[] before, byte[] after, int count, int height, int width) {
            int area = height * width;
            List<float[]> vectors = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                float[] vector = new float[2];
                for (int band = 0; band < 2; band++) {
                    for (int p = 0; p < area; p++) {
                        int at = (3 * i + band) * area + p;
                        vector[band] += ((after[at] & 0xff) - (before[at] & 0xff)) / (255f * area);
                    }
                }
                vectors.add(vector);
            }
            return vectors;
        }

        @Override
        public List<float[]> texts(List<String> sentences) {
            throw new UnsupportedOperationException("no text is asked for");
        }
    };

    @Test
    void fewerLargeWindowsAreAskedForAtATime() {
        assertThat(PairEmbedder.atATime(256, 256)).isEqualTo(16);
        assertThat(PairEmbedder.atATime(1024, 1024)).isEqualTo(4);
        assertThat(PairEmbedder.atATime(4096, 4096)).isEqualTo(1);
    }

    @Test
    void theScoreFallsWithoutTheCellOfTheChangeOrANeighbourOfIt() {
        byte[] before = new byte[3 * SIZE * SIZE];
        byte[] after = before.clone();
        // Red in the cell of row 1 and column 2 of four by four, green in the cell of row 3 and column 0.
        paint(after, 0, 6, 12);
        paint(after, 1, 18, 0);

        RelevanceMap red = RelevanceMap.of(RED_OR_GREEN, new float[] {1, 0}, before, after, SIZE, SIZE, 4);
        RelevanceMap redNotGreen =
                RelevanceMap.of(RED_OR_GREEN, new float[] {0.8f, -0.6f}, before, after, SIZE, SIZE, 4);

        for (int cell = 0; cell < 16; cell++) {
            boolean nearRed = Math.abs(cell / 4 - 1) <= 1 && Math.abs(cell % 4 - 2) <= 1;
            boolean nearGreen = Math.abs(cell / 4 - 3) <= 1 && cell % 4 <= 1;
            assertThat(red.drops()[cell]).isCloseTo(nearRed ? 1f / 16 : 0, within(1e-5f));
            assertThat(redNotGreen.drops()[cell])
                    .isCloseTo((nearRed ? 0.8f / 16 : 0) - (nearGreen ? 0.6f / 16 : 0), within(1e-5f));
        }
        assertThat(red.highest()).isEqualTo(red.drops()[6]);
    }

    @Test
    void nothingIsRelevantWhereNothingChanged() {
        byte[] image = new byte[3 * SIZE * SIZE];

        RelevanceMap map = RelevanceMap.of(RED_OR_GREEN, new float[] {1, 0}, image, image, SIZE, SIZE, 4);

        assertThat(map.highest()).isZero();
    }

    private static void paint(byte[] planes, int band, int top, int left) {
        for (int y = top; y < top + 6; y++) {
            for (int x = left; x < left + 6; x++) {
                planes[(band * SIZE + y) * SIZE + x] = (byte) 255;
            }
        }
    }
}
