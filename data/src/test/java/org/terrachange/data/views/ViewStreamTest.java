package org.terrachange.data.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.loader.MemoryBudget;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.raster.image.PngWriter;

class ViewStreamTest {
    private static final ViewSettings PLAIN = new ViewSettings(32, 0.5, 1, 0, 0, 0);

    @TempDir
    Path folder;

    /// A picture of one grey level, by which its views can be told.
    private void picture(String name, int level) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1600; i++) {
            image.setRGB(i % 40, i / 40, level << 16 | level << 8 | level);
        }
        PngWriter.write(file, image);
    }

    private static List<Integer> levels(byte[] views) {
        List<Integer> levels = new ArrayList<>();
        for (int i = 0; i < views.length; i += 3 * 32 * 32) {
            levels.add(views[i] & 0xff);
        }
        return levels;
    }

    private void dataset() throws IOException {
        for (int i = 0; i < 5; i++) {
            picture("set/train/A/p" + i + ".png", 10 + i);
            picture("set/train/B/p" + i + ".png", 110 + i);
            picture("set/train/label/p" + i + ".png", 255);
        }
        picture("single.png", 200);
    }

    @Test
    void placesAreFoundWithTheirDatesAndLabelsArePassedOver() throws IOException {
        dataset();
        List<Place> places = ImageFolder.places(folder);
        assertThat(places).hasSize(6);
        assertThat(places.stream().filter(place -> place.dates().size() == 2)).hasSize(5);
        assertThat(places.get(places.size() - 2).dates().getFirst()).endsWith(Path.of("A", "p4.png"));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> ImageFolder.places(empty))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("no image");
    }

    @Test
    void viewsOfOneImageGoTogetherAndEveryRoundTakesEachImageOnce() throws IOException {
        dataset();
        ViewStream stream =
                new ViewStream(ImageFolder.places(folder), Positives.VIEWS, PLAIN, 0, 3, new MemoryBudget(1 << 20));
        assertThat(stream.length()).isEqualTo(11);
        List<List<Integer>> rounds = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            ViewBatch batch = stream.batch(round * 11L, 11);
            assertThat(levels(batch.first())).isEqualTo(levels(batch.second()));
            assertThat(levels(batch.first()))
                    .containsExactlyInAnyOrder(10, 11, 12, 13, 14, 110, 111, 112, 113, 114, 200);
            rounds.add(levels(batch.first()));
        }
        assertThat(rounds.get(0)).isNotEqualTo(rounds.get(1));
    }

    @Test
    void datesOfOnePlaceGoTogetherInEitherOrder() throws IOException {
        dataset();
        ViewStream stream =
                new ViewStream(ImageFolder.places(folder), Positives.DATES, PLAIN, 0, 3, new MemoryBudget(0));
        assertThat(stream.length()).isEqualTo(6);
        int later = 0;
        for (int i = 0; i < 60; i++) {
            ViewBatch batch = stream.batch(i, 1);
            int first = levels(batch.first()).getFirst();
            int second = levels(batch.second()).getFirst();
            if (first != 200) {
                assertThat(Math.abs(first - second)).isEqualTo(100);
                later += first > second ? 1 : 0;
            } else {
                assertThat(second).isEqualTo(200);
            }
        }
        assertThat(later).isBetween(10, 40);
    }

    @Test
    void aBatchDoesNotDependOnHowTheSequenceIsCut() throws IOException {
        dataset();
        ViewStream stream =
                new ViewStream(ImageFolder.places(folder), Positives.VIEWS, PLAIN, 0, 9, new MemoryBudget(1 << 20));
        ViewBatch all = stream.batch(5, 8);
        ViewBatch tail = stream.batch(9, 4);
        assertThat(levels(all.first()).subList(4, 8)).isEqualTo(levels(tail.first()));
    }

    @Test
    void bothViewsComeFromOneWindowWhetherTheImageIsKeptOrNot() throws IOException {
        BufferedImage ramp = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 96 * 64; i++) {
            ramp.setRGB(i % 96, i / 96, (i % 96 << 16) | (i / 96 << 8));
        }
        PngWriter.write(folder.resolve("ramp.png"), ramp);
        ViewSettings whole = new ViewSettings(32, 1, 1, 0, 0, 0);
        List<Place> places = ImageFolder.places(folder);
        ViewBatch kept = new ViewStream(places, Positives.VIEWS, whole, 32, 4, new MemoryBudget(1 << 20)).batch(0, 20);
        ViewBatch read = new ViewStream(places, Positives.VIEWS, whole, 32, 4, new MemoryBudget(0)).batch(0, 20);
        assertThat(kept.first()).isEqualTo(read.first());
        assertThat(kept.second()).isEqualTo(read.second());
        List<Integer> corners = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int[] first = least(kept.first(), i);
            assertThat(first).isEqualTo(least(kept.second(), i));
            assertThat(first[0]).isBetween(0, 64);
            assertThat(first[1]).isBetween(0, 32);
            corners.add(first[0] * 100 + first[1]);
        }
        assertThat(corners).doesNotHaveDuplicates();
    }

    /// The smallest red and green of a view: its window's first column and row in the ramp.
    private static int[] least(byte[] views, int view) {
        int[] least = {255, 255};
        for (int band = 0; band < 2; band++) {
            for (int i = 0; i < 32 * 32; i++) {
                least[band] = Math.min(least[band], views[(view * 3 + band) * 32 * 32 + i] & 0xff);
            }
        }
        return least;
    }
}
