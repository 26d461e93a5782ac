package org.terrachange.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RastersTest {
    @TempDir
    private Path folder;

    @Test
    void theContentDecidesNotTheName() throws IOException {
        Path misnamed = folder.resolve("picture.tif");
        ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY), "png", misnamed.toFile());

        try (RasterSource source = Rasters.open(misnamed)) {
            assertThat(source.storage().format()).isEqualTo("PNG");
        }
    }

    @Test
    void aMissingFileAndAFolderAreNamed() {
        assertThatThrownBy(() -> Rasters.open(folder.resolve("none.tif")))
                .isInstanceOf(RasterException.class)
                .hasMessageEndingWith("none.tif: does not exist");
        assertThatThrownBy(() -> Rasters.open(folder))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("is a folder");
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "GIF89a, is a GIF file",
        "RIFFxxxxWEBPVP8, is a WebP file",
        "<html>, is a text in XML or HTML",
        "version https://git-lfs, git lfs pull",
        "hello, is of no known image format"
    })
    void aFileOfAnotherKindIsRefusedByWhatItIs(String content, String problem) throws IOException {
        Path file = Files.write(folder.resolve("other.tif"), content.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }
}
