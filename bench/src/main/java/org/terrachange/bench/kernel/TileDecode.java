package org.terrachange.bench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.terrachange.bench.SyntheticScene;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Compression;

/// A TIFF opened, and one tile of 512 x 512 pixels, three bands of bytes, decoded out of it. Opened each time, for an
/// open file remembers what it decoded.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class TileDecode {
    private static final int SIZE = 1024;
    private static final int TILE = 512;

    @Param({"NONE", "LZW", "DEFLATE", "ZSTD"})
    private Compression compression;

    private Path file;

    @Setup
    public void write() throws IOException {
        file = Files.createTempFile("terrachange-kernel", ".tif");
        Grid grid = new Grid(SIZE, SIZE, Optional.empty(), Optional.empty());
        CogOptions options = CogOptions.of(SampleType.UINT8, 3).withCompression(compression);
        try (CogWriter writer = CogWriter.create(file, grid, options)) {
            writer.append(SyntheticScene.rows(SIZE, 0, SIZE));
            writer.finish();
        }
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
    }

    @Benchmark
    public PixelBlock decode() throws IOException {
        try (RasterSource source = Rasters.open(file)) {
            return source.read(new Window(TILE, TILE, TILE, TILE));
        }
    }
}
