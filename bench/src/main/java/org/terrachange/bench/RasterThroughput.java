package org.terrachange.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.cog.Resampling;

/// Reads and writes a large image of three bands of bytes with each compression, on one and on two processors,
/// beside GDAL's `gdal_translate` where that is installed, and prints a table of megabytes of pixels a second.
///
/// The image is synthetic unless one is given. The time of `gdal_translate` is less that of translating one
/// pixel; it includes writing the pixels into memory, as that of TerraChange includes handing them out. Both
/// take turns, so that other work on the machine slows both, and of several rounds the fastest counts.
public final class RasterThroughput {
    private static final int ROUNDS = 3;

    /// In one run of the virtual machine, whose compiler takes the first to get under way.
    private static final int PASSES = 4;

    private static final int READ_WINDOW = 1024;
    private static final int ROWS = 512;
    private static final String GDAL = "gdal_translate";
    private static final int[] PROCESSORS = {1, 2};

    private RasterThroughput() {}

    /// @param arguments the width and height of the synthetic image in pixels (8192 where it is missing), or
    ///     the path of a TIFF of three bands of bytes
    public static void main(String[] arguments) throws IOException {
        switch (arguments.length > 0 ? arguments[0] : "8192") {
            case "read" -> System.out.println(secondsToRead(Path.of(arguments[1])));
            case "write" ->
                System.out.println(secondsToWrite(
                        Path.of(arguments[1]), Path.of(arguments[2]), Compression.valueOf(arguments[3])));
            default -> measure(arguments.length > 0 ? arguments[0] : "8192");
        }
    }

    /// A way to store an image.
    ///
    /// @param name as people call it
    /// @param gdal creation options of GDAL
    /// @param own what to write with, where TerraChange writes it
    private record Codec(String name, List<String> gdal, Optional<Compression> own) {
        static List<Codec> all() {
            return List.of(
                    new Codec("none", List.of("COMPRESS=NONE"), Optional.of(Compression.NONE)),
                    new Codec("LZW", List.of("COMPRESS=LZW"), Optional.of(Compression.LZW)),
                    new Codec("LZW, predictor", List.of("COMPRESS=LZW", "PREDICTOR=2"), Optional.empty()),
                    new Codec("Deflate", List.of("COMPRESS=DEFLATE"), Optional.of(Compression.DEFLATE)),
                    new Codec("Deflate, predictor", List.of("COMPRESS=DEFLATE", "PREDICTOR=2"), Optional.empty()),
                    new Codec("ZSTD", List.of("COMPRESS=ZSTD"), Optional.of(Compression.ZSTD)),
                    new Codec("ZSTD, predictor", List.of("COMPRESS=ZSTD", "PREDICTOR=2"), Optional.empty()),
                    new Codec("JPEG", List.of("COMPRESS=JPEG", "PHOTOMETRIC=YCBCR"), Optional.empty()));
        }
    }

    private static void measure(String image) throws IOException {
        Path folder = Files.createTempDirectory("terrachange-bench");
        try {
            Path source = image.matches("\\d{1,5}")
                    ? synthesize(folder.resolve("source.tif"), Integer.parseInt(image))
                    : Path.of(image);
            System.out.println("| | processors | TerraChange MB/s | GDAL MB/s | ratio |");
            System.out.println("|---|---|---|---|---|");
            for (Codec codec : Codec.all()) {
                Path stored = folder.resolve("stored.tif");
                if (Programs.isInstalled(GDAL)) {
                    Programs.run(translate(2, source, stored, codec.gdal(), "GTiff"));
                } else if (codec.own().isPresent()) {
                    secondsToWrite(source, stored, codec.own().get());
                } else {
                    continue;
                }
                for (int processors : PROCESSORS) {
                    row("read " + codec.name(), processors, megabytes(source), reading(processors, stored));
                }
                Files.delete(stored);
            }
            for (Codec codec : Codec.all()) {
                if (codec.own().isPresent()) {
                    for (int processors : PROCESSORS) {
                        row("write " + codec.name(), processors, megabytes(source), writing(processors, source, codec));
                    }
                }
            }
        } finally {
            delete(folder);
        }
    }

    /// Seconds of TerraChange, of GDAL, and of GDAL for nothing but its start.
    private record Times(double own, double gdal, double start) {
        static Times fastest(List<Times> rounds) {
            return new Times(
                    rounds.stream().mapToDouble(Times::own).min().orElseThrow(),
                    rounds.stream().mapToDouble(Times::gdal).min().orElseThrow(),
                    rounds.stream().mapToDouble(Times::start).min().orElseThrow());
        }
    }

    private static Times reading(int processors, Path file) throws IOException {
        List<Times> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double own = Double.parseDouble(
                    Programs.run(Programs.java(RasterThroughput.class, processors, "2g", "read", file.toString())));
            double gdal = Double.NaN;
            double start = Double.NaN;
            if (Programs.isInstalled(GDAL)) {
                String threads = Integer.toString(processors);
                String[] pixels = {
                    GDAL, "-q", "-of", "MEM", "--config", "GDAL_NUM_THREADS", threads, file.toString(), "none"
                };
                String[] one = {GDAL, "-q", "-of", "MEM", "-srcwin", "0", "0", "1", "1", file.toString(), "none"};
                gdal = Programs.seconds(pixels);
                start = Programs.seconds(one);
            }
            rounds.add(new Times(own, gdal, start));
        }
        return Times.fastest(rounds);
    }

    private static Times writing(int processors, Path source, Codec codec) throws IOException {
        Path folder = Files.createTempDirectory("terrachange-bench");
        try {
            List<Times> rounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                String compression = codec.own().orElseThrow().name();
                String target = folder.resolve("own.tif").toString();
                double own = Double.parseDouble(Programs.run(Programs.java(
                        RasterThroughput.class, processors, "2g", "write", source.toString(), target, compression)));
                double gdal = Double.NaN;
                if (Programs.isInstalled(GDAL)) {
                    List<String> command =
                            translate(processors, source, folder.resolve("gdal.tif"), codec.gdal(), "COG");
                    gdal = Programs.seconds(command.toArray(String[]::new));
                }
                rounds.add(new Times(own, gdal, 0));
            }
            return Times.fastest(rounds);
        } finally {
            delete(folder);
        }
    }

    private static List<String> translate(int threads, Path from, Path to, List<String> options, String format) {
        List<String> command = new ArrayList<>(List.of(GDAL, "-q", "-of", format, "-co", "NUM_THREADS=" + threads));
        if (format.equals("GTiff")) {
            command.addAll(List.of("-co", "TILED=YES", "-co", "BLOCKXSIZE=512", "-co", "BLOCKYSIZE=512"));
        } else {
            command.addAll(List.of("-co", "RESAMPLING=AVERAGE"));
        }
        options.forEach(option -> command.addAll(List.of("-co", option)));
        command.addAll(List.of(from.toString(), to.toString()));
        return command;
    }

    private static void row(String what, int processors, double megabytes, Times times) {
        System.out.println(String.format(
                Locale.ROOT,
                "| %s | %d | %.0f | %.0f | %.2f |",
                what,
                processors,
                megabytes / times.own(),
                megabytes / (times.gdal() - times.start()),
                (times.gdal() - times.start()) / times.own()));
    }

    private static double megabytes(Path file) throws IOException {
        try (RasterSource source = Rasters.open(file)) {
            Window window = source.grid().window();
            return window.area() * source.bands() * source.type().bytes() / 1e6;
        }
    }

    private static Path synthesize(Path file, int size) throws IOException {
        var grid = new Grid(size, size, Optional.empty(), Optional.empty());
        CogOptions options = CogOptions.of(SampleType.UINT8, 3).withCompression(Compression.NONE);
        try (CogWriter writer = CogWriter.create(file, grid, options)) {
            for (int row = 0; row < size; row += ROWS) {
                writer.append(SyntheticScene.rows(size, row, Math.min(ROWS, size - row)));
            }
            writer.finish();
        }
        return file;
    }

    private static double secondsToRead(Path file) throws IOException {
        double best = Double.POSITIVE_INFINITY;
        for (int pass = 0; pass < PASSES; pass++) {
            long start = System.nanoTime();
            try (RasterSource source = Rasters.open(file)) {
                int width = source.grid().width();
                int height = source.grid().height();
                for (int y = 0; y < height; y += READ_WINDOW) {
                    for (int x = 0; x < width; x += READ_WINDOW) {
                        source.read(
                                new Window(x, y, Math.min(READ_WINDOW, width - x), Math.min(READ_WINDOW, height - y)));
                    }
                }
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }

    private static double secondsToWrite(Path from, Path to, Compression compression) throws IOException {
        double best = Double.POSITIVE_INFINITY;
        for (int pass = 0; pass < PASSES / 2; pass++) {
            long start = System.nanoTime();
            try (RasterSource source = Rasters.open(from)) {
                Grid grid = source.grid();
                CogOptions options = CogOptions.of(source.type(), source.bands())
                        .withCompression(compression)
                        .withPredictor(false)
                        .withResampling(Resampling.AVERAGE);
                try (CogWriter writer = CogWriter.create(to, grid, options)) {
                    for (int row = 0; row < grid.height(); row += ROWS) {
                        writer.append(
                                source.read(new Window(0, row, grid.width(), Math.min(ROWS, grid.height() - row))));
                    }
                    writer.finish();
                }
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
