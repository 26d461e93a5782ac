package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.raster.Affine;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.UnsupportedFormatException;
import org.terrachange.raster.Window;

class TiffSourceTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "UINT8, 8, 1",
        "INT8, 8, 2",
        "UINT16, 16, 1",
        "INT16, 16, 2",
        "UINT32, 32, 1",
        "INT32, 32, 2",
        "UINT64, 64, 1",
        "INT64, 64, 2",
        "FLOAT32, 32, 3",
        "FLOAT64, 64, 3"
    })
    void everySampleTypeIsReadInBothByteOrdersFromClassicAndBigTiff(SampleType type, int bits, int format)
            throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (boolean big : List.of(false, true)) {
                ByteBuffer strip = ByteBuffer.allocate(3 * type.bytes()).order(order);
                for (int value : new int[] {-2, 0, 100}) {
                    switch (type) {
                        case UINT8, INT8 -> strip.put((byte) value);
                        case UINT16, INT16 -> strip.putShort((short) value);
                        case UINT32, INT32 -> strip.putInt(value);
                        case UINT64, INT64 -> strip.putLong(value);
                        case FLOAT32 -> strip.putFloat(value);
                        case FLOAT64 -> strip.putDouble(value);
                    }
                }
                Path file = new TiffBytes(order, big)
                        .image(3, 1, strip.array())
                        .number(Directory.BITS_PER_SAMPLE, bits)
                        .number(Directory.SAMPLE_FORMAT, format)
                        .write(folder.resolve("types.tif"));
                try (RasterSource source = Rasters.open(file)) {
                    PixelBlock pixels = source.read(source.grid().window());
                    double wrapped = format == 1 ? Math.pow(2, bits) - 2 : -2;
                    assertThat(source.type()).isEqualTo(type);
                    assertThat(values(pixels, 0)).containsExactly(wrapped, 0, 100);
                }
            }
        }
    }

    @Test
    void chunkyAndPlanarTilesAreCutAtTheRightAndLowerEdge() throws IOException {
        byte[] red = ramp(16 * 16, 0);
        byte[] green = ramp(16 * 16, 50);
        var chunky = new byte[2 * 16 * 16];
        for (int i = 0; i < red.length; i++) {
            chunky[2 * i] = red[i];
            chunky[2 * i + 1] = green[i];
        }
        Path planarFile = tiled(10, 7, red, green)
                .number(Directory.SAMPLES_PER_PIXEL, 2)
                .number(Directory.BITS_PER_SAMPLE, 8, 8)
                .number(Directory.PLANAR_CONFIGURATION, 2)
                .write(folder.resolve("planar.tif"));
        Path chunkyFile = tiled(10, 7, chunky)
                .number(Directory.SAMPLES_PER_PIXEL, 2)
                .number(Directory.BITS_PER_SAMPLE, 8, 8)
                .write(folder.resolve("chunky.tif"));

        for (Path file : List.of(planarFile, chunkyFile)) {
            try (RasterSource source = Rasters.open(file)) {
                PixelBlock pixels = source.read(new Window(3, 2, 2, 2), 1, 0);
                assertThat(source.storage().layout()).isEqualTo("tile");
                assertThat(values(pixels, 0)).containsExactly(85, 86, 101, 102);
                assertThat(values(pixels, 1)).containsExactly(35, 36, 51, 52);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8", "16", "32", "64"})
    void horizontalDifferencesAreSummedBandByBandInBothByteOrders(int bits) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            // Two bands, three columns: 1 20 | 3 15 | 250 16 as first values and differences.
            long[] stored = {1, 20, 2, -5, 247, 1};
            ByteBuffer row = ByteBuffer.allocate(stored.length * bits / 8).order(order);
            for (long value : stored) {
                switch (bits) {
                    case 8 -> row.put((byte) value);
                    case 16 -> row.putShort((short) value);
                    case 32 -> row.putInt((int) value);
                    default -> row.putLong(value);
                }
            }
            Path file = new TiffBytes(order, false)
                    .image(3, 1, BlockCodecTest.deflate(row.array()))
                    .number(Directory.COMPRESSION, 8)
                    .number(Directory.PREDICTOR, 2)
                    .number(Directory.SAMPLES_PER_PIXEL, 2)
                    .number(Directory.BITS_PER_SAMPLE, bits, bits)
                    .number(Directory.SAMPLE_FORMAT, bits == 64 ? 3 : 1)
                    .write(folder.resolve("predictor2.tif"));
            try (RasterSource source = Rasters.open(file)) {
                PixelBlock pixels = source.read(source.grid().window());
                if (bits == 64) {
                    assertThat(Arrays.stream(pixels.doubles(0)).mapToLong(Double::doubleToRawLongBits))
                            .containsExactly(1L, 3L, 250L);
                } else {
                    assertThat(values(pixels, 0)).containsExactly(1, 3, 250);
                    assertThat(values(pixels, 1)).containsExactly(20, 15, 16);
                }
            }
        }
    }

    @Test
    void theFloatingPointPredictorIsUndoneInBothByteOrders() throws IOException {
        float[] row = {1.5f, -2.25f, 1e30f, 0, 3.14159f};
        var planes = new byte[row.length * 4];
        for (int i = 0; i < row.length; i++) {
            int value = Float.floatToRawIntBits(row[i]);
            for (int plane = 0; plane < 4; plane++) {
                planes[plane * row.length + i] = (byte) (value >> (8 * (3 - plane)));
            }
        }
        for (int i = planes.length - 1; i > 0; i--) {
            planes[i] -= planes[i - 1];
        }
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            Path file = new TiffBytes(order, false)
                    .image(row.length, 1, BlockCodecTest.lzw(planes))
                    .number(Directory.COMPRESSION, 5)
                    .number(Directory.PREDICTOR, 3)
                    .number(Directory.BITS_PER_SAMPLE, 32)
                    .number(Directory.SAMPLE_FORMAT, 3)
                    .write(folder.resolve("predictor3.tif"));
            try (RasterSource source = Rasters.open(file)) {
                assertThat(source.read(source.grid().window()).floats(0)).containsExactly(row);
            }
        }
    }

    @Test
    void bilevelSamplesBecomeZerosAndOnes() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(10, 2, new byte[] {(byte) 0b10110000, 0b01000000, (byte) 0xff, 0})
                .number(Directory.BITS_PER_SAMPLE, 1)
                .write(folder.resolve("bits.tif"));
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.read(new Window(0, 0, 10, 1)).bytes(0)).containsExactly(1, 0, 1, 1, 0, 0, 0, 0, 0, 1);
            assertThat(source.read(new Window(6, 1, 4, 1)).bytes(0)).containsExactly(1, 1, 0, 0);
        }
    }

    @Test
    void aBlockThatTheFileLeavesOutIsNodataOrZero() throws IOException {
        for (String nodata : List.of("", "7")) {
            TiffBytes.Image image = tiled(20, 16, ramp(256, 1), new byte[0]);
            if (!nodata.isEmpty()) {
                image.text(Directory.GDAL_NODATA, nodata);
            }
            try (RasterSource source = Rasters.open(image.write(folder.resolve("sparse.tif")))) {
                assertThat(values(source.read(new Window(14, 0, 4, 1)), 0))
                        .containsExactly(15, 16, nodata.isEmpty() ? 0 : 7, nodata.isEmpty() ? 0 : 7);
            }
        }
    }

    @Test
    void bandsAreNamedFromPhotometricExtraSamplesAndGdalMetadata() throws IOException {
        Path rgba = TiffBytes.littleEndian()
                .image(1, 1, new byte[5])
                .number(Directory.PHOTOMETRIC_INTERPRETATION, 2)
                .number(Directory.SAMPLES_PER_PIXEL, 5)
                .number(Directory.BITS_PER_SAMPLE, 8, 8, 8, 8, 8)
                .number(Directory.EXTRA_SAMPLES, 2, 0)
                .write(folder.resolve("rgba.tif"));
        Path bgr = TiffBytes.littleEndian()
                .image(1, 1, new byte[4])
                .number(Directory.SAMPLES_PER_PIXEL, 4)
                .number(Directory.BITS_PER_SAMPLE, 8, 8, 8, 8)
                .text(Directory.GDAL_METADATA, """
                        <GDALMetadata>
                          <Item name="COLORINTERP" sample="0" role="colorinterp">Blue</Item>
                          <Item name="OFFSET" sample="1" role="offset">3</Item>
                          <Item name="COLORINTERP" sample="2" role="colorinterp">Red</Item>
                        </GDALMetadata>
                        """)
                .write(folder.resolve("bgr.tif"));
        Path palette = TiffBytes.littleEndian()
                .image(1, 1, new byte[1])
                .number(Directory.PHOTOMETRIC_INTERPRETATION, 3)
                .write(folder.resolve("palette.tif"));

        assertThat(roles(rgba))
                .containsExactly(BandRole.RED, BandRole.GREEN, BandRole.BLUE, BandRole.ALPHA, BandRole.UNDEFINED);
        assertThat(roles(bgr)).containsExactly(BandRole.BLUE, BandRole.UNDEFINED, BandRole.RED, BandRole.UNDEFINED);
        assertThat(roles(palette)).containsExactly(BandRole.PALETTE);
    }

    @Test
    void scaleAndTiepointPlaceTheImageAndPixelIsPointMovesItByHalfAPixel() throws IOException {
        for (int rasterType : new int[] {1, 2}) {
            Path file = TiffBytes.littleEndian()
                    .image(4, 4, new byte[16])
                    .doubles(Directory.MODEL_PIXEL_SCALE, 2, 3, 0)
                    .doubles(Directory.MODEL_TIEPOINT, 1, 1, 0, 500, 900, 0)
                    .number(Directory.GEO_KEY_DIRECTORY, 1, 1, 0, 1, 1025, 0, 1, rasterType)
                    .write(folder.resolve("point.tif"));
            try (RasterSource source = Rasters.open(file)) {
                double half = rasterType == 2 ? 0.5 : 0;
                assertThat(source.grid().transform()).contains(Affine.northUp(498 - half * 2, 903 + half * 3, 2, 3));
                assertThat(source.grid().crs()).isEmpty();
            }
        }
    }

    @Test
    void aTransformationMatrixKeepsItsRotation() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(4, 4, new byte[16])
                .doubles(Directory.MODEL_TRANSFORMATION, 1, 2, 0, 10, 3, -4, 0, 20, 0, 0, 0, 0, 0, 0, 0, 1)
                .number(Directory.GEO_KEY_DIRECTORY, 1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32619)
                .write(folder.resolve("matrix.tif"));
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.grid().transform()).contains(new Affine(1, 2, 10, 3, -4, 20));
            assertThat(source.grid().crs())
                    .hasValueSatisfying(
                            crs -> assertThat(crs.geoKeys().directory()).endsWith(3072, 0, 1, 32619));
        }
    }

    @Test
    void aWorldFilePlacesATiffWithoutGeoTags() throws IOException {
        Path file = TiffBytes.littleEndian().image(2, 2, new byte[4]).write(folder.resolve("plain.tif"));
        Files.writeString(folder.resolve("plain.tfw"), "2\n0\n0\n-2\n101\n199\n");
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.grid().transform()).contains(Affine.northUp(100, 200, 2, 2));
        }
    }

    @Test
    void overviewsAreCountedWithoutMasksAndCoverTheSameGround() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(4, 4, ramp(16, 0))
                .doubles(Directory.MODEL_PIXEL_SCALE, 1, 1, 0)
                .doubles(Directory.MODEL_TIEPOINT, 0, 0, 0, 10, 20, 0)
                .image(4, 4, new byte[16])
                .number(Directory.NEW_SUBFILE_TYPE, 4)
                .image(2, 2, new byte[] {1, 2, 3, 4})
                .number(Directory.NEW_SUBFILE_TYPE, 1)
                .image(2, 2, new byte[4])
                .number(Directory.NEW_SUBFILE_TYPE, 5)
                .write(folder.resolve("overviews.tif"));
        try (TiffSource full = TiffSource.open(file);
                TiffSource half = TiffSource.open(file, 1)) {
            assertThat(full.storage().overviews()).isEqualTo(1);
            assertThat(half.grid().transform()).contains(Affine.northUp(10, 20, 2, 2));
            assertThat(values(half.read(half.grid().window()), 0)).containsExactly(1, 2, 3, 4);
        }
        assertThatThrownBy(() -> TiffSource.open(file, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void nodataIsReadAsTheNearestSample() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(1, 1, new byte[4])
                .number(Directory.BITS_PER_SAMPLE, 32)
                .number(Directory.SAMPLE_FORMAT, 3)
                .text(Directory.GDAL_NODATA, "-3.40282346638529e+38")
                .write(folder.resolve("nodata.tif"));
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.nodata().orElseThrow()).isEqualTo(-Float.MAX_VALUE);
        }
    }

    @Test
    void randomWindowsEqualTheSamePartOfTheWholeImage() throws IOException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        // One uncompressed strip of 4.6 MB, which is read in slices, and compressed tiles and strips.
        int width = 640;
        int height = 900;
        var samples = new byte[width * height * 8];
        random.nextBytes(samples);
        Path slices = TiffBytes.littleEndian()
                .image(width, height, samples)
                .number(Directory.BITS_PER_SAMPLE, 64)
                .number(Directory.SAMPLE_FORMAT, 3)
                .write(folder.resolve("slices.tif"));
        var tiles = new byte[12][];
        for (int i = 0; i < tiles.length; i++) {
            var tile = new byte[16 * 16];
            random.nextBytes(tile);
            tiles[i] = BlockCodecTest.deflate(tile);
        }
        Path tiled = tiled(60, 41, tiles).number(Directory.COMPRESSION, 8).write(folder.resolve("tiles.tif"));
        for (Path file : List.of(slices, tiled)) {
            try (RasterSource source = Rasters.open(file)) {
                PixelBlock whole = source.read(source.grid().window());
                for (int i = 0; i < 40; i++) {
                    Window window = randomWindow(random, source);
                    PixelBlock part = source.read(window);
                    for (int k = 0; k < 50; k++) {
                        int x = random.nextInt(window.width());
                        int y = random.nextInt(window.height());
                        double expected =
                                whole.value(0, (window.y() + y) * source.grid().width() + window.x() + x);
                        assertThat(Double.doubleToLongBits(part.value(0, y * window.width() + x)))
                                .as("seed %d, %s, pixel %d, %d", seed, window, x, y)
                                .isEqualTo(Double.doubleToLongBits(expected));
                    }
                }
            }
        }
    }

    @Test
    void severalThreadsReadTheSameSource() throws Exception {
        var tiles = new byte[12][];
        for (int i = 0; i < tiles.length; i++) {
            tiles[i] = BlockCodecTest.lzw(ramp(256, i));
        }
        Path file = tiled(64, 48, tiles).number(Directory.COMPRESSION, 5).write(folder.resolve("threads.tif"));
        try (RasterSource source = Rasters.open(file);
                var threads = Executors.newFixedThreadPool(4)) {
            byte[] expected = source.read(source.grid().window()).bytes(0);
            List<Callable<byte[]>> reads = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                reads.add(() -> {
                    try (RasterSource own = Rasters.open(file)) {
                        assertThat(own.read(own.grid().window()).bytes(0)).isEqualTo(expected);
                    }
                    return source.read(source.grid().window()).bytes(0);
                });
            }
            for (Future<byte[]> read : threads.invokeAll(reads)) {
                assertThat(read.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void onlyTheBlocksOfAWindowAreRead() throws IOException {
        byte[] valid = BlockCodecTest.deflate(ramp(256, 0));
        byte[] broken = {1, 2, 3};
        Path file =
                tiled(32, 16, valid, broken).number(Directory.COMPRESSION, 8).write(folder.resolve("half.tif"));
        try (RasterSource source = Rasters.open(file)) {
            assertThat(values(source.read(new Window(0, 0, 2, 1)), 0)).containsExactly(0, 1);
            assertThatThrownBy(() -> source.read(new Window(16, 0, 1, 1)))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("half.tif: is damaged: tile 1");
        }
    }

    @Test
    void aReadOutsideTheImageNamesItsSize() throws IOException {
        Path file = TiffBytes.littleEndian().image(2, 2, new byte[4]).write(folder.resolve("small.tif"));
        try (RasterSource source = Rasters.open(file)) {
            for (Window window :
                    List.of(new Window(1, 1, 2, 1), new Window(-1, 0, 1, 1), new Window(Integer.MAX_VALUE, 0, 9, 1))) {
                assertThatThrownBy(() -> source.read(window))
                        .isInstanceOf(IndexOutOfBoundsException.class)
                        .hasMessageContaining("small.tif, which has 2x2 pixels");
            }
            assertThatThrownBy(() -> source.read(new Window(0, 0, 1, 1), 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aClosedSourceIsRefused() throws IOException {
        Path file = TiffBytes.littleEndian().image(2, 2, new byte[4]).write(folder.resolve("closed.tif"));
        RasterSource source = Rasters.open(file);
        source.read(source.grid().window());
        source.close();
        assertThatThrownBy(() -> source.read(new Window(0, 0, 1, 1))).isInstanceOf(RasterException.class);
    }

    @Test
    void damageIsNamed() throws IOException {
        assertRefused(
                TiffBytes.littleEndian().image(4, 4, new byte[16]).number(Directory.STRIP_OFFSETS, 1 << 30),
                "truncated");
        assertRefused(TiffBytes.littleEndian().image(4, 4, new byte[15]), "strip 0 has only 15 bytes for 4x4 pixels");
        assertRefused(TiffBytes.littleEndian().image(0, 4, new byte[16]), "width of 0 pixels");
        assertRefused(tiled(4, 4, new byte[16]).number(Directory.TILE_WIDTH, 0), "tile width of 0 pixels");
        assertRefused(
                TiffBytes.littleEndian().image(4, 4, new byte[16]).number(Directory.ROWS_PER_STRIP, 0),
                "0 rows per strip");
        assertRefused(
                TiffBytes.littleEndian().image(4, 4, new byte[16]).number(Directory.ROWS_PER_STRIP, 1),
                "lists 1 block offsets for its 4 blocks");
        assertRefused(
                TiffBytes.littleEndian().image(4, 4, new byte[16]).number(Directory.SAMPLES_PER_PIXEL, 60000),
                "60000 samples per pixel");
        assertRefused(
                TiffBytes.littleEndian()
                        .image(4, 4, new byte[16])
                        .doubles(Directory.MODEL_PIXEL_SCALE, Double.NaN, 1, 0)
                        .doubles(Directory.MODEL_TIEPOINT, 0, 0, 0, 0, 0, 0),
                "georeferencing");
        assertRefused(
                TiffBytes.littleEndian().image(4, 4, new byte[16]).text(Directory.GDAL_NODATA, "none"),
                "no number: none");
    }

    @ParameterizedTest
    @CsvSource({
        "259, 2, is compressed with CCITT modified Huffman",
        "259, 6, is compressed with old-style JPEG",
        "259, 34712, is compressed with JPEG 2000",
        "259, 34887, is compressed with LERC",
        "259, 34925, is compressed with LZMA",
        "259, 50001, is compressed with WEBP",
        "259, 50002, is compressed with JPEG XL",
        "259, 77, is compressed with scheme 77",
        "262, 5, holds CMYK colours",
        "262, 6, holds YCbCr colours",
        "262, 8, holds Lab colours",
        "258, 17, has unsigned samples of 17 bits",
        "339, 5, has complex samples of 8 bits"
    })
    void whatIsValidButNotReadIsRefusedByNameWithTheWayOut(int tag, int value, String what) throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(4, 4, new byte[64])
                .number(tag, value)
                .write(folder.resolve("exotic.tif"));

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageStartingWith(file + ": " + what)
                .hasMessageContaining("GDAL");
    }

    @Test
    void blocksThatClaimMoreThanTheirBytesCanHoldAreRefusedWithoutMemory() throws IOException {
        byte[] few = BlockCodecTest.deflate(new byte[100]);
        assertRefused(
                TiffBytes.littleEndian().image(15_000, 15_000, few).number(Directory.COMPRESSION, 8),
                "strip 0 has only " + few.length + " bytes for 15000x15000 pixels");
        assertRefused(
                TiffBytes.littleEndian().image(1 << 20, 1 << 20, few).number(Directory.COMPRESSION, 8),
                "too large to decode one by one");
    }

    @Test
    void aCircleOfDirectoriesIsDamage() throws IOException {
        byte[] bytes = TiffBytes.littleEndian().image(2, 2, new byte[4]).bytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(bytes.length - 4, buffer.getInt(4));
        Path file = Files.write(folder.resolve("circle.tif"), bytes);

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("circle.tif: its chain of directories runs in a circle");
    }

    @Test
    void aTruncatedFileIsRefusedByNameAtEveryLength() throws IOException {
        byte[] bytes = TiffBytes.littleEndian()
                .image(8, 2, ramp(16, 0))
                .number(Directory.BITS_PER_SAMPLE, 8)
                .bytes();
        for (int length = 0; length < bytes.length; length++) {
            Path file = Files.write(folder.resolve("cut.tif"), Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> readWhole(file))
                    .as("cut to %d of %d bytes", length, bytes.length)
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("cut.tif");
        }
    }

    @Test
    void randomDamageIsReadOrRefusedButNeverBreaks() throws IOException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        List<byte[]> originals = new ArrayList<>();
        for (boolean big : List.of(false, true)) {
            originals.add(tiff(big, BlockCodecTest.lzw(ramp(24 * 24, 3)), 5));
            originals.add(tiff(big, BlockCodecTest.deflate(ramp(24 * 24, 3)), 8));
            originals.add(tiff(big, ramp(24 * 24, 3), 1));
        }
        Path file = folder.resolve("fuzz.tif");
        for (int round = 0; round < 600; round++) {
            byte[] bytes = originals.get(round % originals.size()).clone();
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                // Half of the flips hit the directory, which lies at the end.
                int from = random.nextBoolean() ? 0 : Math.max(0, bytes.length - 300);
                bytes[random.nextInt(from, bytes.length)] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            try {
                readWhole(file);
            } catch (RasterException e) {
                assertThat(e).hasMessageContaining("fuzz.tif");
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    private static byte[] tiff(boolean big, byte[] block, int compression) {
        return new TiffBytes(ByteOrder.BIG_ENDIAN, big)
                .image(24, 24, block)
                .number(Directory.COMPRESSION, compression)
                .number(Directory.PREDICTOR, 2)
                .doubles(Directory.MODEL_PIXEL_SCALE, 2, 3, 0)
                .doubles(Directory.MODEL_TIEPOINT, 1, 1, 0, 500, 900, 0)
                .number(Directory.GEO_KEY_DIRECTORY, 1, 1, 0, 1, 1025, 0, 1, 1)
                .text(Directory.GDAL_NODATA, "3")
                .bytes();
    }

    /// Reads all pixels, but no more than a million of them: damage may claim any size.
    private static void readWhole(Path file) throws RasterException {
        try (RasterSource source = Rasters.open(file)) {
            source.read(
                    new Window(
                            0,
                            0,
                            Math.min(1000, source.grid().width()),
                            Math.min(1000, source.grid().height())),
                    0);
        }
    }

    private void assertRefused(TiffBytes.Image image, String problem) throws IOException {
        Path file = image.write(folder.resolve("broken.tif"));
        assertThatThrownBy(() -> readWhole(file))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }

    private static List<BandRole> roles(Path file) throws IOException {
        try (RasterSource source = Rasters.open(file)) {
            List<BandRole> roles = new ArrayList<>();
            for (int band = 0; band < source.bands(); band++) {
                roles.add(source.role(band));
            }
            return roles;
        }
    }

    private static Window randomWindow(SplittableRandom random, RasterSource source) {
        int x = random.nextInt(source.grid().width());
        int y = random.nextInt(source.grid().height());
        return new Window(
                x,
                y,
                1 + random.nextInt(source.grid().width() - x),
                1 + random.nextInt(source.grid().height() - y));
    }

    /// Tiles of 16 by 16 pixels.
    private static TiffBytes.Image tiled(int width, int height, byte[]... tiles) {
        return TiffBytes.littleEndian()
                .image(width, height, tiles)
                .number(Directory.TILE_WIDTH, 16)
                .number(Directory.TILE_LENGTH, 16);
    }

    private static byte[] ramp(int length, int start) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (start + i);
        }
        return bytes;
    }

    private static double[] values(PixelBlock block, int band) {
        var values = new double[(int) block.window().area()];
        for (int i = 0; i < values.length; i++) {
            values[i] = block.value(band, i);
        }
        return values;
    }
}
