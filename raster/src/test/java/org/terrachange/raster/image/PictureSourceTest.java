package org.terrachange.raster.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Gdal;
import org.terrachange.raster.GdalComparison;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.SharedData;
import org.terrachange.raster.Window;

class PictureSourceTest {
    @TempDir
    private Path folder;

    @Test
    void anRgbPngIsReadByWindowInTheOrderOfBandsAskedFor() throws IOException {
        try (RasterSource source = Rasters.open(write("png", rgb(5, 4)))) {
            PixelBlock pixels = source.read(new Window(1, 2, 2, 1), 2, 0);
            assertThat(roles(source)).containsExactly(BandRole.RED, BandRole.GREEN, BandRole.BLUE);
            assertThat(pixels.bytes(0)).containsExactly((byte) 201, (byte) 202);
            assertThat(pixels.bytes(1)).containsExactly(21, 22);
        }
    }

    @Test
    void theFileOfGdalBesideItTellsWhatIsMissing() throws IOException {
        Path file = write("jpg", rgb(8, 8));
        Path beside = file.resolveSibling(file.getFileName() + ".aux.xml");
        Files.writeString(
                beside,
                "<PAMDataset><PAMRasterBand band=\"1\"><NoDataValue>0.0</NoDataValue></PAMRasterBand></PAMDataset>");
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.nodata()).hasValue(0);
        }
        Files.writeString(
                beside,
                "<PAMDataset><PAMRasterBand band=\"1\"><NoDataValue>none</NoDataValue></PAMRasterBand></PAMDataset>");
        assertThatThrownBy(() -> Rasters.open(file)).hasMessageContaining("no number: none");
    }

    @Test
    void alphaIsTheLastBand() throws IOException {
        var image = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
        image.setRGB(0, 0, 0x40102030);
        try (RasterSource source = Rasters.open(write("png", image))) {
            PixelBlock pixels = source.read(source.grid().window());
            assertThat(roles(source)).endsWith(BandRole.ALPHA).hasSize(4);
            assertThat(pixels.bytes(0)).containsExactly(0x10);
            assertThat(pixels.bytes(3)).containsExactly(0x40);
        }
    }

    @Test
    void grayWithAlphaHasTwoBands() throws IOException {
        var model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY),
                true,
                false,
                Transparency.TRANSLUCENT,
                DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
        raster.setPixel(0, 0, new int[] {90, 10});
        try (RasterSource source = Rasters.open(write("png", new BufferedImage(model, raster, false, null)))) {
            assertThat(roles(source)).containsExactly(BandRole.GRAY, BandRole.ALPHA);
            assertThat(source.read(source.grid().window(), 1).bytes(0)).containsExactly(10);
        }
    }

    @Test
    void sixteenBitSamplesStaySixteenBit() throws IOException {
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 65_000);
        image.getRaster().setSample(1, 0, 0, 3);
        try (RasterSource source = Rasters.open(write("png", image))) {
            PixelBlock pixels = source.read(source.grid().window());
            assertThat(source.type()).isEqualTo(SampleType.UINT16);
            assertThat(pixels.value(0, 0)).isEqualTo(65_000);
            assertThat(pixels.value(0, 1)).isEqualTo(3);
        }
    }

    @Test
    void aPaletteIsExpandedToItsColours() throws IOException {
        byte[] red = {10, 20, 30};
        byte[] green = {40, 50, 60};
        byte[] blue = {70, 80, 90};
        byte[] alpha = {-1, 0, -1};
        var opaque = new IndexColorModel(8, 3, red, green, blue);
        var transparent = new IndexColorModel(8, 3, red, green, blue, alpha);
        for (IndexColorModel palette : List.of(opaque, transparent)) {
            var image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
            image.getRaster().setSample(0, 0, 0, 2);
            image.getRaster().setSample(1, 0, 0, 1);
            try (RasterSource source = Rasters.open(write("png", image))) {
                PixelBlock pixels = source.read(source.grid().window());
                assertThat(source.bands()).isEqualTo(palette.hasAlpha() ? 4 : 3);
                assertThat(pixels.bytes(0)).containsExactly(30, 20);
                assertThat(pixels.bytes(2)).containsExactly(90, 80);
                if (palette.hasAlpha()) {
                    assertThat(pixels.bytes(3)).containsExactly(-1, 0);
                }
            }
        }
    }

    @Test
    void aBilevelPngIsGrayFromBlackToWhite() throws IOException {
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        image.getRaster().setSample(1, 0, 0, 1);
        try (RasterSource source = Rasters.open(write("png", image))) {
            assertThat(roles(source)).containsExactly(BandRole.GRAY);
            assertThat(source.read(source.grid().window()).bytes(0)).containsExactly(0, -1);
        }
    }

    @Test
    void aWorldFileInEitherCasePlacesThePicture() throws IOException {
        Path file = write("png", rgb(4, 4));
        for (String ending : List.of("pgw", "PNGW", "wld")) {
            Path world = file.resolveSibling("picture." + ending);
            Files.writeString(world, "0.5\n0\n0\n-0.5\n100.25\n199.75\n");
            try (RasterSource source = Rasters.open(file)) {
                assertThat(source.grid().transform()).as(ending).contains(Affine.northUp(100, 200, 0.5, 0.5));
            }
            Files.delete(world);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 2 3", "a b c d e f", "0 0 0 0 0 0"})
    void aDamagedWorldFileIsNamed(String content) throws IOException {
        Path file = write("png", rgb(4, 4));
        Files.writeString(file.resolveSibling("picture.pgw"), content);

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("picture.pgw: is no world file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void aTruncatedFileIsRefusedByNameAtEveryLength(String format) throws IOException {
        byte[] whole = Files.readAllBytes(write(format, rgb(40, 40)));
        for (int length = 3; length < whole.length; length += 1 + length / 40) {
            Path file = Files.write(folder.resolve("cut." + format), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> readWhole(file))
                    .as("cut to %d of %d bytes", length, whole.length)
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("cut." + format);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void randomDamageIsReadOrRefusedButNeverBreaks(String format) throws IOException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        byte[] whole = Files.readAllBytes(write(format, rgb(40, 40)));
        Path file = folder.resolve("fuzz." + format);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = whole.clone();
            for (int i = 0; i < 1 + round % 4; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            try {
                readWhole(file);
            } catch (RasterException e) {
                assertThat(e).hasMessageContaining("fuzz." + format);
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    @Test
    void aHugePictureIsRefusedFromItsHeaderWithTheRemedy() throws IOException {
        byte[] bytes = Files.readAllBytes(write("png", rgb(4, 4)));
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putInt(16, 60_000).putInt(20, 60_000);
        var crc = new CRC32();
        crc.update(bytes, 12, 17);
        header.putInt(29, (int) crc.getValue());
        Path file = Files.write(folder.resolve("huge.png"), bytes);

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("huge.png: has 3600000000 pixels")
                .hasMessageContaining("GeoTIFF");
    }

    @Test
    void aCmykJpegIsRefused() throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
        Path file = folder.resolve("cmyk.jpg");
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(new javax.imageio.IIOImage(raster, null, null));
        } finally {
            writer.dispose();
        }

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("cmyk.jpg: has CMYK colours");
    }

    @Test
    void aClosedSourceIsRefused() throws IOException {
        RasterSource source = Rasters.open(write("png", rgb(2, 2)));
        source.close();

        assertThatThrownBy(() -> source.read(new Window(0, 0, 1, 1)))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aSharedJpegSceneIsReadAsGdalReadsIt() throws Exception {
        Path file = SharedData.require("levir-cd/test/A/test_1.jpg");
        Gdal.Description expected = Gdal.describe(List.of(file)).get(file);
        try (RasterSource source = Rasters.open(file)) {
            assertThat(GdalComparison.differences(source, expected)).isEmpty();
        }
    }

    @Test
    void aPngIsReadAsGdalReadsIt() throws Exception {
        Path file = write("png", rgb(33, 21));
        Gdal.Description expected = Gdal.describe(List.of(file)).get(file);
        try (RasterSource source = Rasters.open(file)) {
            assertThat(GdalComparison.differences(source, expected)).containsOnlyKeys("compression");
        }
    }

    private static void readWhole(Path file) throws RasterException {
        try (RasterSource source = Rasters.open(file)) {
            source.read(source.grid().window());
        }
    }

    private static List<BandRole> roles(RasterSource source) {
        List<BandRole> roles = new ArrayList<>();
        for (int band = 0; band < source.bands(); band++) {
            roles.add(source.role(band));
        }
        return roles;
    }

    /// Red is 10 times the row plus the column, green 100 more, blue 180 more.
    private static BufferedImage rgb(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int value = 10 * y + x;
                image.getRaster().setPixel(x, y, new int[] {value & 0xff, value + 100 & 0xff, value + 180 & 0xff});
            }
        }
        return image;
    }

    private Path write(String format, BufferedImage image) throws IOException {
        Path file = folder.resolve("picture." + format.toLowerCase(Locale.ROOT));
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }
}
