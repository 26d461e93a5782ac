package org.terrachange.data.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.RasterException;

class PairFolderTest {
    @TempDir
    Path folder;

    private void image(String name, int size, int value) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < size; i++) {
            picture.getRaster().setSample(i, 0, 0, value);
        }
        String format = name.substring(name.lastIndexOf('.') + 1);
        ImageIO.write(picture, format, file.toFile());
    }

    private void triple(String under, String name, int labelValue) throws IOException {
        image(under + "A/" + name + ".jpg", 8, 100);
        image(under + "B/" + name + ".png", 8, 100);
        image(under + "label/" + name + ".png", 8, labelValue);
    }

    @Test
    void splitsAreFoldersWhoseFilesMayDifferInExtension() throws IOException {
        triple("val/", "b", 255);
        triple("val/", "a", 255);
        assertThat(PairFolder.read(folder, "val"))
                .extracting(LabelledPair::name)
                .containsExactly("a", "b");
    }

    @Test
    void aFlatFolderTakesItsSplitFromTheListInItsOrder() throws IOException {
        triple("", "a", 255);
        triple("", "b.x", 255);
        triple("", "c", 255);
        Files.createDirectories(folder.resolve("list"));
        Files.writeString(folder.resolve("list/train.txt"), "c.png\n\nb.x\n");
        assertThat(PairFolder.read(folder, "train"))
                .extracting(LabelledPair::name)
                .containsExactly("c", "b.x");
        assertThat(PairFolder.read(folder, "all")).hasSize(3);
    }

    @Test
    void anImageWithoutPartnerIsNamed() throws IOException {
        triple("train/", "a", 255);
        image("train/A/lonely.png", 8, 1);
        assertThatThrownBy(() -> PairFolder.read(folder, "train"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("lonely")
                .hasMessageContaining("B");
    }

    @Test
    void anotherLayoutIsRefusedWithTheOneExpected() {
        assertThatThrownBy(() -> PairFolder.read(folder, "test"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("{split}/{A,B,label}");
    }

    @Test
    void masksOf255AndMasksOf1MeanTheSame() throws IOException {
        triple("train/", "bright", 255);
        triple("train/", "one", 1);
        for (LabelledPair pair : PairFolder.read(folder, "train")) {
            byte[] change = PairImageReader.read(pair).change();
            assertThat(change[0]).as(pair.name()).isEqualTo((byte) 1);
            assertThat(change[8]).as(pair.name()).isZero();
        }
    }

    @Test
    void imagesOfDifferentSizesAreRefusedByName() throws IOException {
        image("train/A/a.png", 8, 1);
        image("train/B/a.png", 9, 1);
        image("train/label/a.png", 8, 1);
        LabelledPair pair = PairFolder.read(folder, "train").getFirst();
        assertThatThrownBy(() -> PairImageReader.read(pair))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("9x9")
                .hasMessageContaining("8x8");
    }

    @Test
    void aDamagedImageIsRefused() throws IOException {
        triple("train/", "a", 255);
        Files.write(folder.resolve("train/B/a.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2, 3});
        LabelledPair pair = PairFolder.read(folder, "train").getFirst();
        assertThatThrownBy(() -> PairImageReader.read(pair)).isInstanceOf(RasterException.class);
    }
}
