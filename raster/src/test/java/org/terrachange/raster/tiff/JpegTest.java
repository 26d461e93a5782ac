package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.UnsupportedFormatException;

class JpegTest {
    private static final int SOF0 = 0xc0;
    private static final int SOS = 0xda;

    @TempDir
    private Path folder;

    @Test
    void ycbcrIsHandedOutAsRgb() throws IOException {
        try (RasterSource source = Rasters.open(tiff(jpeg(32, 16, 0xc08040)))) {
            PixelBlock pixels = source.read(source.grid().window());

            assertThat(source.storage().compression()).isEqualTo("YCbCr JPEG");
            assertThat(List.of(source.role(0), source.role(1), source.role(2)))
                    .containsExactly(BandRole.RED, BandRole.GREEN, BandRole.BLUE);
            assertThat(pixels.value(0, 100)).isCloseTo(0xc0, within(2.0));
            assertThat(pixels.value(1, 100)).isCloseTo(0x80, within(2.0));
            assertThat(pixels.value(2, 100)).isCloseTo(0x40, within(2.0));
        }
    }

    @Test
    void theTablesOfTheDirectoryServeStreamsThatHaveNone() throws IOException {
        byte[] whole = jpeg(32, 16, 0x102030);
        int frame = marker(whole, SOF0);
        int scan = marker(whole, SOS);
        int huffman = marker(whole, 0xc4);
        // The JDK writes SOI, APP0, DQT, SOF, DHT, SOS: the tables are what stands before and behind the frame.
        byte[] tables = join(Arrays.copyOf(whole, frame), Arrays.copyOfRange(whole, huffman, scan), new byte[] {
            (byte) 0xff, (byte) 0xd9
        });
        byte[] abbreviated = join(
                Arrays.copyOf(whole, 2),
                Arrays.copyOfRange(whole, frame, huffman),
                Arrays.copyOfRange(whole, scan, whole.length));
        Path bare = image(abbreviated).bytes(Directory.JPEG_TABLES, tables).write(folder.resolve("tables.tif"));

        try (RasterSource expected = Rasters.open(tiff(whole));
                RasterSource source = Rasters.open(bare)) {
            assertThat(source.read(source.grid().window()).bytes(1))
                    .isEqualTo(expected.read(expected.grid().window()).bytes(1));
        }
    }

    @Test
    void kindsOfJpegThatAreNotReadAreRefusedByNameWhenTheFileIsOpened() throws IOException {
        byte[] lossless = jpeg(32, 16, 0);
        lossless[marker(lossless, SOF0) + 1] = (byte) 0xc3;
        byte[] arithmetic = jpeg(32, 16, 0);
        arithmetic[marker(arithmetic, SOF0) + 1] = (byte) 0xc9;
        byte[] twelve = jpeg(32, 16, 0);
        twelve[marker(twelve, SOF0) + 4] = 12;

        assertUnsupported(lossless, "lossless JPEG");
        assertUnsupported(arithmetic, "arithmetic-coded JPEG");
        assertUnsupported(twelve, "JPEG of 12 bits");
        assertThatThrownBy(() -> Rasters.open(image(jpeg(32, 16, 0))
                        .number(Directory.BITS_PER_SAMPLE, 12, 12, 12)
                        .write(folder.resolve("deep.tif"))))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("JPEG of 12 bits");
    }

    @Test
    void pixelsThatTheDecoderWouldHaveToInventAreDamage() throws IOException {
        byte[] whole = jpeg(32, 16, 0x336699);

        // The entropy-coded data of an even area are a few bytes; their first alone is kept.
        assertDamaged(Arrays.copyOf(whole, marker(whole, SOS) + 15), "premature end");
    }

    @Test
    void aStreamOfAnotherSizeIsDamage() throws IOException {
        assertDamaged(jpeg(16, 16, 0), "a JPEG of 16x16 pixels and 3 components instead of 32x16 and 3");
        assertDamaged(jpeg(32, 8, 0), "a JPEG of 32x8 pixels");
        byte[] huge = jpeg(32, 16, 0);
        huge[marker(huge, SOF0) + 5] = (byte) 0xff;
        assertDamaged(huge, "rows instead of 16");
        assertDamaged(new byte[] {1, 2, 3, 4}, "is no JPEG stream");
    }

    @Test
    void randomDamageIsReadOrRefusedButNeverBreaks() throws IOException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        byte[] whole = jpeg(32, 16, 0x996633);
        for (int round = 0; round < 300; round++) {
            byte[] broken = whole.clone();
            for (int flip = 0; flip <= random.nextInt(3); flip++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try (RasterSource source = Rasters.open(tiff(broken))) {
                source.read(source.grid().window());
            } catch (RasterException e) {
                assertThat(e).hasMessageContaining("jpeg.tif");
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    private void assertUnsupported(byte[] stream, String name) throws IOException {
        Path file = tiff(stream);
        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("jpeg.tif: is compressed with " + name);
    }

    private void assertDamaged(byte[] stream, String problem) throws IOException {
        try (RasterSource source = Rasters.open(tiff(stream))) {
            assertThatThrownBy(() -> source.read(source.grid().window()))
                    .isInstanceOf(RasterException.class)
                    .isNotInstanceOf(UnsupportedFormatException.class)
                    .hasMessageContaining("jpeg.tif: is damaged: strip 0 ")
                    .hasMessageContaining(problem);
        }
    }

    private Path tiff(byte[] stream) throws IOException {
        return image(stream).write(folder.resolve("jpeg.tif"));
    }

    /// An image of 32 by 16 pixels.
    private static TiffBytes.Image image(byte[] stream) {
        return TiffBytes.littleEndian()
                .image(32, 16, stream)
                .number(Directory.COMPRESSION, 7)
                .number(Directory.PHOTOMETRIC_INTERPRETATION, 6)
                .number(Directory.SAMPLES_PER_PIXEL, 3)
                .number(Directory.BITS_PER_SAMPLE, 8, 8, 8);
    }

    /// A JPEG of one colour, written by the JDK with 2x2 subsampling.
    private static byte[] jpeg(int width, int height, int rgb) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, rgb);
            }
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        return out.toByteArray();
    }

    /// Where a marker stands.
    private static int marker(byte[] stream, int code) {
        for (int i = 2; i + 1 < stream.length; i += 2 + ((stream[i + 2] & 0xff) << 8 | stream[i + 3] & 0xff)) {
            if ((stream[i + 1] & 0xff) == code) {
                return i;
            }
        }
        throw new AssertionError("no marker " + code);
    }

    private static byte[] join(byte[]... parts) throws IOException {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.write(part);
        }
        return out.toByteArray();
    }
}
