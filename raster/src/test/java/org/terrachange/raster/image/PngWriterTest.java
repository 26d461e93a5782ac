package org.terrachange.raster.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

class PngWriterTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void samplesReadBack(int bands) throws IOException {
        PixelBlock block = PixelBlock.allocate(Window.whole(17, 9), SampleType.UINT8, bands);
        for (int band = 0; band < bands; band++) {
            new SplittableRandom(band).nextBytes(block.bytes(band));
        }
        Path file = folder.resolve("picture.png");
        PngWriter.write(file, block);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo(17);
        assertThat(picture.getRaster().getNumBands()).isEqualTo(bands);
        for (int band = 0; band < bands; band++) {
            for (int i = 0; i < 17 * 9; i++) {
                assertThat(picture.getRaster().getSample(i % 17, i / 17, band)).isEqualTo((int) block.value(band, i));
            }
        }
    }

    @Test
    void aPictureOfTheJdkIsWritten() throws IOException {
        BufferedImage picture = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(2, 1, 0xe03c31);
        Path file = folder.resolve("picture.png");
        PngWriter.write(file, picture);
        assertThat(ImageIO.read(file.toFile()).getRGB(2, 1) & 0xffffff).isEqualTo(0xe03c31);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void otherSamplesAreRefused() {
        PixelBlock floats = PixelBlock.allocate(Window.whole(2, 2), SampleType.FLOAT32, 1);
        assertThatThrownBy(() -> PngWriter.write(folder.resolve("picture.png"), floats))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 1 of float32");
    }

    @Test
    void aMissingFolderIsNamed() {
        PixelBlock block = PixelBlock.allocate(Window.whole(2, 2), SampleType.UINT8, 1);
        Path file = folder.resolve("absent/picture.png");
        assertThatThrownBy(() -> PngWriter.write(file, block))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(file + ": cannot be written: the folder");
    }
}
