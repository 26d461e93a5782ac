package org.terrachange.search.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Polygon;
import org.terrachange.raster.Window;

class WindowChangesTest {

    @ParameterizedTest
    @CsvSource({"256, 256, 256, 1", "100, 50, 256, 1", "512, 256, 256, 2", "600, 300, 256, 6", "257, 257, 256, 4"})
    void windowsCoverTheSceneAndAreAllOfOneSize(int width, int height, int side, int count) {
        WindowPlan plan = WindowPlan.of(width, height, side);
        boolean[] covered = new boolean[width * height];
        for (Window window : plan.windows()) {
            assertThat(window.width()).isEqualTo(Math.min(side, width));
            assertThat(window.height()).isEqualTo(Math.min(side, height));
            assertThat(Window.whole(width, height).contains(window)).isTrue();
            for (int y = window.y(); y < window.bottom(); y++) {
                Arrays.fill(covered, y * width + window.x(), y * width + window.right(), true);
            }
        }

        assertThat(plan.windows()).hasSize(count).doesNotHaveDuplicates();
        for (boolean pixel : covered) {
            assertThat(pixel).isTrue();
        }
    }

    @Test
    void rowsInPiecesOfAnySizeGiveTheCountsOfTheWindows() throws IOException {
        for (int trial = 0; trial < 30; trial++) {
            long seed = 100 + trial;
            Random random = new Random(seed);
            int width = 20 + random.nextInt(40);
            int height = 20 + random.nextInt(60);
            int side = 8 + random.nextInt(20);
            float[] scene = new float[width * height];
            for (int i = 0; i < scene.length; i++) {
                scene[i] = random.nextInt(10) == 0 ? Float.NaN : random.nextFloat();
            }
            WindowPlan plan = WindowPlan.of(width, height, side);
            WindowChanges changes = new WindowChanges(width, plan, 0.6, 1);
            for (int y = 0; y < height; ) {
                int count = Math.min(height - y, 1 + random.nextInt(15));
                changes.rows(y, count, Arrays.copyOfRange(scene, y * width, (y + count) * width));
                y += count;
            }

            List<WindowChange> done = changes.done();
            assertThat(done)
                    .as("seed %d", seed)
                    .extracting(WindowChange::window)
                    .isEqualTo(plan.windows());
            for (WindowChange change : done) {
                long valid = 0;
                long changed = 0;
                for (int y = change.window().y(); y < change.window().bottom(); y++) {
                    for (int x = change.window().x(); x < change.window().right(); x++) {
                        valid += Float.isNaN(scene[y * width + x]) ? 0 : 1;
                        changed += scene[y * width + x] >= 0.6f ? 1 : 0;
                    }
                }
                assertThat(change.validPixels()).as("seed %d", seed).isEqualTo(valid);
                assertThat(change.changedPixels()).as("seed %d", seed).isEqualTo(changed);
                assertThat(change.outlines().stream()
                                .mapToDouble(Polygon::getArea)
                                .sum())
                        .as("seed %d", seed)
                        .isEqualTo(changed);
                for (Polygon outline : change.outlines()) {
                    assertThat(outline.getEnvelopeInternal().getMinX())
                            .isGreaterThanOrEqualTo(change.window().x());
                    assertThat(outline.getEnvelopeInternal().getMaxY())
                            .isLessThanOrEqualTo(change.window().bottom());
                }
            }
        }
    }
}
