package org.terrachange.raster.cog;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

/// Measures [CogWriter] beside `gdal_translate -of COG` on a mosaic of 8192x8192 pixels, of one band and of
/// three, in megabytes of samples a second, best of three, by the clock and by processor time.
///
/// ```sh
/// java -XX:ActiveProcessorCount=2 -cp ... org.terrachange.raster.cog.CogThroughput IMAGE...
/// ```
///
/// Images need three bands of bytes and 1024x1024 pixels; they are repeated as often as it takes. The number of
/// processors is that of threads, of GDAL too.
public final class CogThroughput {
    private static final int SIZE = 8192;
    private static final int PART = 1024;
    private static final int ROWS = 256;
    private static final int REPEATS = 3;

    private final Path folder;
    private final Grid grid = Grid.of(SIZE, SIZE, Affine.northUp(500_000, 4_000_000, 0.5, 0.5), Crs.ofEpsg(32633));
    private final byte[][] bands = new byte[3][SIZE * SIZE];

    private CogThroughput(Path folder) {
        this.folder = folder;
    }

    /// @param args paths of images
    public static void main(String... args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("cog-throughput");
        try {
            var run = new CogThroughput(folder);
            run.fill(Arrays.stream(args).map(Path::of).toList());
            for (int count : new int[] {1, 3}) {
                for (Compression compression : Compression.values()) {
                    run.measure(count, compression);
                }
            }
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private void fill(List<Path> images) throws IOException {
        int across = SIZE / PART;
        for (int part = 0; part < across * across; part++) {
            try (RasterSource image = Rasters.open(images.get(part % images.size()))) {
                PixelBlock block = image.read(Window.whole(PART, PART), 0, 1, 2);
                for (int band = 0; band < 3; band++) {
                    for (int y = 0; y < PART; y++) {
                        int to = (part / across * PART + y) * SIZE + part % across * PART;
                        System.arraycopy(block.bytes(band), y * PART, bands[band], to, PART);
                    }
                }
            }
        }
    }

    private void measure(int count, Compression compression) throws IOException, InterruptedException {
        double megabytes = (double) SIZE * SIZE * count / 1e6;
        Path file = folder.resolve("written.tif");
        double clock = Double.MAX_VALUE;
        double processor = Double.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            double cpu = processorSeconds();
            long start = System.nanoTime();
            write(file, CogOptions.of(SampleType.UINT8, count).withCompression(compression));
            clock = Math.min(clock, (System.nanoTime() - start) / 1e9);
            processor = Math.min(processor, processorSeconds() - cpu);
        }
        System.out.printf(
                "%d x uint8 %-7s here: %6.1f MB/s (%5.1f MB a processor second), %d bytes%n",
                count, compression.label(), megabytes / clock, megabytes / processor, Files.size(file));
        double[] other = gdal(count, compression);
        if (other.length > 0) {
            System.out.printf(
                    "                  GDAL: %6.1f MB/s (%5.1f MB a processor second), %.0f bytes%n",
                    megabytes / other[0], megabytes / other[1], other[2]);
        }
    }

    private void write(Path file, CogOptions options) throws IOException {
        try (CogWriter writer = CogWriter.create(file, grid, options)) {
            for (int y = 0; y < SIZE; y += ROWS) {
                byte[][] rows = new byte[options.bands()][];
                for (int band = 0; band < rows.length; band++) {
                    rows[band] = Arrays.copyOfRange(bands[band], y * SIZE, (y + ROWS) * SIZE);
                }
                writer.append(PixelBlock.ofBytes(new Window(0, y, SIZE, ROWS), rows));
            }
            writer.finish();
        }
    }

    /// Seconds by the clock, seconds of processor time and bytes of the file; nothing where GDAL is not
    /// installed.
    private double[] gdal(int count, Compression compression) throws IOException, InterruptedException {
        Path input = folder.resolve("input.tif");
        write(input, CogOptions.of(SampleType.UINT8, count).withCompression(Compression.NONE));
        Path output = folder.resolve("translated.tif");
        Path times = folder.resolve("times.txt");
        var command = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%R %U %S'; time \"$@\"", "bash"));
        command.addAll(List.of("gdal_translate", "-q", "-of", "COG", "-co", "COMPRESS=" + compression.name()));
        command.addAll(List.of("-co", "OVERVIEWS=IGNORE_EXISTING", "-co", "OVERVIEW_RESAMPLING=AVERAGE"));
        command.addAll(List.of("-co", "NUM_THREADS=" + Runtime.getRuntime().availableProcessors()));
        if (compression != Compression.NONE) {
            command.addAll(List.of("-co", "PREDICTOR=YES"));
        }
        if (compression.defaultLevel() > 0) {
            command.addAll(List.of("-co", "LEVEL=" + compression.defaultLevel()));
        }
        command.addAll(List.of(input.toString(), output.toString()));
        double clock = Double.MAX_VALUE;
        double processor = Double.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            Files.deleteIfExists(output);
            int exit = new ProcessBuilder(command)
                    .redirectError(times.toFile())
                    .start()
                    .waitFor();
            String[] seconds = Files.readString(times).strip().split(" ");
            if (exit != 0 || seconds.length != 3) {
                return new double[0];
            }
            clock = Math.min(clock, Double.parseDouble(seconds[0]));
            processor = Math.min(processor, Double.parseDouble(seconds[1]) + Double.parseDouble(seconds[2]));
        }
        return new double[] {clock, processor, Files.size(output)};
    }

    private static double processorSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }
}
