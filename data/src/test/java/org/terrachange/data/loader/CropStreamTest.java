package org.terrachange.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.augment.Augmentation;
import org.terrachange.data.pairs.PairFolder;
import org.terrachange.raster.RasterException;

class CropStreamTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeThreePairs() throws IOException {
        Random random = new Random(1);
        for (String part : List.of("A", "B", "label")) {
            Files.createDirectories(folder.resolve("train").resolve(part));
            for (int i = 0; i < 3; i++) {
                BufferedImage picture = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
                for (int p = 0; p < 48 * 48; p++) {
                    picture.setRGB(
                            p % 48, p / 48, part.equals("label") ? (p % 7 == 0 ? 0xffffff : 0) : random.nextInt());
                }
                ImageIO.write(
                        picture,
                        "png",
                        folder.resolve("train/" + part + "/" + i + ".png").toFile());
            }
        }
    }

    private CropStream stream(long seed, long memory) throws IOException {
        PairStore store = new PairStore(PairFolder.read(folder, "train"), new MemoryBudget(memory));
        return new CropStream(List.of(new CropStream.Source(store, Augmentation.standard())), 32, seed);
    }

    @Test
    void aCropDependsOnSeedAndIndexAlone() throws IOException {
        Batch whole = stream(5, 1 << 20).batch(0, 6);
        Batch later = stream(5, 0).batch(4, 2);
        int area = 3 * 32 * 32;
        for (int i = 0; i < 2 * area; i++) {
            assertThat(later.before()[i]).isEqualTo(whole.before()[4 * area + i]);
        }
        assertThat(stream(6, 1 << 20).batch(0, 6).before()).isNotEqualTo(whole.before());
    }

    @Test
    void thePrefetcherKeepsTheOrderWhateverTheNumberOfThreads() throws Exception {
        CropStream stream = stream(5, 1 << 20);
        try (Prefetcher<Batch> prefetcher = new Prefetcher<>(stream::batch, 2, 2, 3)) {
            for (int batch = 0; batch < 5; batch++) {
                assertThat(prefetcher.next().after())
                        .isEqualTo(stream.batch(2 + 2 * batch, 2).after());
            }
        }
    }

    @Test
    void anUnreadableImageReachesTheCaller() throws IOException {
        CropStream stream = stream(5, 0);
        for (int i = 0; i < 3; i++) {
            Files.writeString(folder.resolve("train/A/" + i + ".png"), "no image");
        }
        try (Prefetcher<Batch> prefetcher = new Prefetcher<>(stream::batch, 0, 2, 1)) {
            assertThatThrownBy(prefetcher::next).isInstanceOf(RasterException.class);
        }
    }
}
