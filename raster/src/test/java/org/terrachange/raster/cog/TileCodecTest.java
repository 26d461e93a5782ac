package org.terrachange.raster.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;

class TileCodecTest {
    @TempDir
    Path folder;

    @Test
    void compressionsAreChosenByNameInAnyCase() {
        assertThat(Compression.parse(" Zstd ")).isEqualTo(Compression.ZSTD);
        for (Compression compression : Compression.values()) {
            assertThat(Compression.parse(compression.label())).isEqualTo(compression);
        }
    }

    /// Noise fills the table of LZW again and again, constants make its longest strings.
    @ParameterizedTest
    @EnumSource
    void noiseConstantsAndPatternsAreReadBack(Compression compression) throws IOException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("TileCodecTest: seed " + seed);
        RandomGenerator random = new SplittableRandom(seed);
        var grid = Grid.plain(512, 512);
        byte[] noise = new byte[512 * 512];
        random.nextBytes(noise);
        byte[] constant = new byte[512 * 512];
        Arrays.fill(constant, (byte) 200);
        byte[] pattern = new byte[512 * 512];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (byte) (i % 7 * (i / 1000) + random.nextInt(2));
        }
        for (byte[] samples : new byte[][] {noise, constant, pattern}) {
            for (boolean predictor : new boolean[] {false, true}) {
                CogOptions options = CogOptions.of(SampleType.UINT8, 1)
                        .withCompression(compression)
                        .withPredictor(predictor);
                Path file = folder.resolve("samples.tif");
                try (CogWriter writer = CogWriter.create(file, grid, options)) {
                    writer.append(PixelBlock.ofBytes(grid.window(), samples));
                    writer.finish();
                }
                try (RasterSource source = Rasters.open(file)) {
                    assertThat(source.storage().compression()).isEqualToIgnoringCase(compression.label());
                    assertThat(source.read(grid.window()).bytes(0)).isEqualTo(samples);
                }
            }
        }
    }

    @Test
    void bothLibrariesOfDeflateMakeWhatEveryReaderKnows() throws DataFormatException {
        byte[] plain = new byte[100_000];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (i * i >> 9);
        }
        byte[] out = new byte[110_000];
        int size = TileCodec.zlib(plain, 6, out, 10);
        assertThat(inflated(out, 10, size, plain.length)).isEqualTo(plain);

        Optional<LibDeflate> library = LibDeflate.installed();
        assumeTrue(library.isPresent(), "libdeflate is not installed: only the platform's own library was tested");
        for (int level = 1; level <= 9; level++) {
            size = library.orElseThrow().compress(plain, level, out, 10);
            assertThat(inflated(out, 10, size, plain.length)).isEqualTo(plain);
        }
        assertThat(library.orElseThrow().compress(plain, 6, new byte[100], 10))
                .as("no room for the result")
                .isZero();
    }

    private static byte[] inflated(byte[] packed, int at, int size, int expected) throws DataFormatException {
        byte[] plain = new byte[expected];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed, at, size);
            assertThat(inflater.inflate(plain)).isEqualTo(expected);
            assertThat(inflater.finished()).isTrue();
        }
        return plain;
    }
}
