package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.terrachange.raster.fuzz.SidecarFuzz;
import org.terrachange.raster.fuzz.TiffFuzz;

/// The targets of the fuzzer on a few thousand mutations of small files of every kind.
class TiffFuzzTest {
    private static final int ROUNDS = 40;

    /// Values at which sizes and positions overflow.
    private static final int[] EXTREMES = {0, 1, -1, 0x7fffffff, 0x80000000, 0xffff, 0x10000, 0x7fff, 0x1000000};

    @Test
    void whateverIsDamagedInATiffItIsReadOrRefusedInOneLine() throws IOException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        List<byte[]> files = files();
        for (int kind = 0; kind < files.size(); kind++) {
            TiffFuzz.fuzzerTestOneInput(files.get(kind));
            for (int round = 0; round < ROUNDS; round++) {
                byte[] damaged = damage(files.get(kind), random);
                assertThatCode(() -> TiffFuzz.fuzzerTestOneInput(damaged))
                        .as("seed %d, file %d, round %d", seed, kind, round)
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void nothingIsPrinted() throws IOException {
        PrintStream before = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            SidecarFuzz.fuzzerTestOneInput("\0<PAMDataset>\u00ff\u00fe".getBytes(StandardCharsets.ISO_8859_1));
            SidecarFuzz.fuzzerTestOneInput(
                    "\0<!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]><PAMDataset>&b;".getBytes(StandardCharsets.ISO_8859_1));
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void whateverLiesBesideATiffItIsReadOrRefusedInOneLine() throws IOException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        byte[] auxiliary = """
                <PAMDataset><SRS>EPSG:32619</SRS><GeoTransform>5e5, 1, 0, 2e6, 0, -1</GeoTransform>
                <PAMRasterBand band="1"><NoDataValue>7</NoDataValue><ColorInterp>Red</ColorInterp></PAMRasterBand>
                </PAMDataset>""".getBytes(StandardCharsets.UTF_8);
        byte[] world = "1\n0\n0\n-1\n500000\n2000000\n".getBytes(StandardCharsets.UTF_8);
        byte[] mask = TiffBytes.littleEndian().image(20, 30, new byte[600]).bytes();
        List<byte[]> sidecars = List.of(auxiliary, world, mask, mask, mask);
        assertThat(sidecars).hasSameSizeAs(SidecarFuzz.NAMES);
        for (int kind = 0; kind < sidecars.size(); kind++) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] content = round == 0 ? sidecars.get(kind) : damage(sidecars.get(kind), random);
                byte[] input = new byte[content.length + 1];
                input[0] = (byte) kind;
                System.arraycopy(content, 0, input, 1, content.length);
                assertThatCode(() -> SidecarFuzz.fuzzerTestOneInput(input))
                        .as("seed %d, %s, round %d", seed, SidecarFuzz.NAMES.get(kind), round)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static byte[] damage(byte[] whole, SplittableRandom random) {
        ByteBuffer bytes = ByteBuffer.wrap(whole.clone())
                .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        for (int i = random.nextInt(4); i >= 0 && whole.length > 8; i--) {
            int at = random.nextInt(whole.length - 4);
            switch (random.nextInt(4)) {
                case 0 -> bytes.put(at, (byte) random.nextInt());
                case 1 -> bytes.putInt(at, EXTREMES[random.nextInt(EXTREMES.length)]);
                case 2 -> bytes.putShort(at, (short) random.nextInt(400));
                default -> {
                    int length = random.nextInt(Math.min(32, whole.length - at));
                    System.arraycopy(whole, random.nextInt(whole.length - length), bytes.array(), at, length);
                }
            }
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(bytes.array(), random.nextInt(whole.length)) : bytes.array();
    }

    /// Small files that take all the ways through the reader.
    private static List<byte[]> files() throws IOException {
        byte[] ramp = new byte[16 * 16 * 6];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i * 7);
        }
        var files = new ArrayList<byte[]>();
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (boolean big : List.of(false, true)) {
                files.add(placed(new TiffBytes(order, big).image(16, 16, Arrays.copyOf(ramp, 256))));
            }
        }
        for (int predictor : new int[] {1, 2, 3}) {
            int bits = predictor == 3 ? 32 : 16;
            files.add(tiled(deflated(Arrays.copyOf(ramp, 256 * bits / 8)))
                    .number(Directory.BITS_PER_SAMPLE, bits)
                    .number(Directory.SAMPLE_FORMAT, predictor == 3 ? 3 : 1)
                    .number(Directory.COMPRESSION, 8)
                    .number(Directory.PREDICTOR, predictor)
                    .bytes());
        }
        files.add(tiled(new byte[] {(byte) 0x80, 0, 0x60, 0x40, 0x20, 0x20, 0x10})
                .number(Directory.COMPRESSION, 5)
                .bytes());
        files.add(tiled(new byte[] {(byte) 0x81, 1, (byte) 0x81, 2, 3, 4, 5, 6, 7})
                .number(Directory.COMPRESSION, 32773)
                .bytes());
        files.add(tiled(jpeg()).number(Directory.COMPRESSION, 7).bytes());
        files.add(TiffBytes.littleEndian()
                .image(16, 16, ramp)
                .number(Directory.BITS_PER_SAMPLE, 16, 16, 16)
                .number(Directory.SAMPLES_PER_PIXEL, 3)
                .number(Directory.PHOTOMETRIC_INTERPRETATION, 2)
                .bytes());
        files.add(TiffBytes.littleEndian()
                .image(16, 16, ramp, ramp, ramp)
                .number(Directory.BITS_PER_SAMPLE, 8, 8, 8)
                .number(Directory.SAMPLES_PER_PIXEL, 3)
                .number(Directory.PLANAR_CONFIGURATION, 2)
                .bytes());
        files.add(TiffBytes.littleEndian()
                .image(13, 9, ramp)
                .number(Directory.BITS_PER_SAMPLE, 4)
                .number(Directory.PHOTOMETRIC_INTERPRETATION, 3)
                .number(320, new long[48])
                .image(7, 5, ramp)
                .number(Directory.BITS_PER_SAMPLE, 4)
                .number(Directory.NEW_SUBFILE_TYPE, 1)
                .image(13, 9, ramp)
                .number(Directory.NEW_SUBFILE_TYPE, 4)
                .bytes());
        return files;
    }

    private static byte[] placed(TiffBytes.Image image) {
        return image.doubles(Directory.MODEL_PIXEL_SCALE, 1, 1, 0)
                .doubles(Directory.MODEL_TIEPOINT, 0, 0, 0, 500000, 2000000, 0)
                .number(Directory.GEO_KEY_DIRECTORY, 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32619)
                .text(Directory.GDAL_NODATA, "7")
                .text(
                        Directory.GDAL_METADATA,
                        "<GDALMetadata><Item name=\"COLORINTERP\" sample=\"0\">Red</Item>" + "</GDALMetadata>")
                .bytes();
    }

    private static TiffBytes.Image tiled(byte[] tile) {
        return TiffBytes.littleEndian()
                .image(20, 12, tile, tile)
                .number(Directory.TILE_WIDTH, 16)
                .number(Directory.TILE_LENGTH, 16);
    }

    private static byte[] deflated(byte[] bytes) {
        try (var deflater = new Deflater()) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] out = new byte[bytes.length + 64];
            return Arrays.copyOf(out, deflater.deflate(out));
        }
    }

    private static byte[] jpeg() throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY), "jpeg", out);
        return out.toByteArray();
    }
}
