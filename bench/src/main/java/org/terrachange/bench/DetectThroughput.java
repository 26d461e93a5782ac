package org.terrachange.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.terrachange.detect.DetectionRequest;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Compression;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs `terrachange detect` as a user does on a large pair of georeferenced, Deflate-compressed images, and compares
/// its
/// time with that of the network alone: as many passes over a tile that lies in memory as the pair has tiles, tiles at
/// the edges by their size. What
/// reading, blending, polygons, rasters and the report cost is the difference. Also tells the most memory that the
/// process had resident (Linux).
public final class DetectThroughput {
    /// The pair repeats a scene of this size.
    private static final int SCENE = 2000;

    /// Passes that stand for all.
    private static final int PASSES = 40;

    private static final int POLL_MILLIS = 100;

    private DetectThroughput() {}

    /// @param arguments the folder of the project, and the width and height of the pair in pixels (10,000 where it is
    ///     missing)
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        int size = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        Path folder = Files.createTempDirectory("terrachange-bench");
        try {
            String launcher = home.resolve("terrachange").toString();
            Programs.run(List.of(
                    launcher,
                    "synthesize",
                    "-q",
                    "--seed",
                    "1",
                    "--size",
                    Integer.toString(SCENE),
                    "--out",
                    "" + folder));
            Path before = enlarge(folder.resolve("before.tif"), folder.resolve("large-before.tif"), size);
            Path after = enlarge(folder.resolve("after.tif"), folder.resolve("large-after.tif"), size);
            Run run = detect(List.of(
                    launcher,
                    "detect",
                    "" + before,
                    "" + after,
                    "-q",
                    "--json",
                    "--out",
                    folder.resolve("out").toString()));
            double along = tiles(size);
            double network = along * along * secondsOfPass(home.resolve("models/terrachange-lite.safetensors"));
            System.out.println("| pair | tiles | whole process s | detection s | network alone s | detection / network"
                    + " | resident MB |");
            System.out.println("|---|---|---|---|---|---|---|");
            System.out.printf(
                    Locale.ROOT,
                    "| %,d x %,d | %.1f | %.1f | %.1f | %.1f | %.3f | %.0f |%n",
                    size,
                    size,
                    along * along,
                    run.seconds(),
                    run.summary().path("seconds").asDouble(),
                    network,
                    run.summary().path("seconds").asDouble() / network,
                    run.megabytes());
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Tiles along one side; the last one counts by its width, as the network pads it.
    private static double tiles(int size) {
        int tile = DetectionRequest.DEFAULT_TILE;
        int step = tile - DetectionRequest.DEFAULT_OVERLAP;
        int whole = Math.max(0, Math.ceilDiv(size - tile, step));
        int rest = Math.ceilDiv(size - whole * step, ChangeNetwork.SIZE_MULTIPLE) * ChangeNetwork.SIZE_MULTIPLE;
        return whole + Math.min(1, (double) rest / tile);
    }

    /// Repeats an image across and down.
    private static Path enlarge(Path from, Path to, int size) throws IOException {
        Grid grid = Grid.of(size, size, Affine.northUp(500_000, 5_000_000, 0.5, 0.5), Crs.ofEpsg(32633));
        CogOptions options = CogOptions.of(SampleType.UINT8, 3).withCompression(Compression.DEFLATE);
        try (RasterSource source = Rasters.open(from);
                CogWriter writer = CogWriter.create(to, grid, options)) {
            for (int y = 0; y < size; y++) {
                PixelBlock row = source.read(new Window(0, y % SCENE, SCENE, 1));
                byte[][] bands = new byte[3][size];
                for (int band = 0; band < 3; band++) {
                    for (int x = 0; x < size; x++) {
                        bands[band][x] = row.bytes(band)[x % SCENE];
                    }
                }
                writer.append(PixelBlock.ofBytes(new Window(0, y, size, 1), bands));
            }
            writer.finish();
        }
        return to;
    }

    /// @param seconds from the start of the process to its end
    /// @param megabytes most that it had resident; 0 where the system does not tell
    private record Run(JsonNode summary, double seconds, double megabytes) {}

    private static Run detect(List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        Path status = Path.of("/proc/" + process.pid() + "/status");
        double most = 0;
        while (process.isAlive()) {
            most = Math.max(most, resident(status));
            Thread.sleep(POLL_MILLIS);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        String printed = String.join("\n", process.inputReader().readAllLines());
        if (process.exitValue() != 0) {
            throw new IOException("detect ended with " + process.exitValue() + ": " + printed);
        }
        return new Run(JsonMapper.shared().readTree(printed), seconds, most);
    }

    private static double resident(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1e3)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            // The process has ended.
            return 0;
        }
    }

    private static double secondsOfPass(Path model) throws IOException {
        int tile = DetectionRequest.DEFAULT_TILE;
        byte[] before = new byte[3 * tile * tile];
        byte[] after = new byte[3 * tile * tile];
        SplittableRandom random = new SplittableRandom(1);
        random.nextBytes(before);
        random.nextBytes(after);
        List<Double> seconds = new ArrayList<>();
        try (ChangeDetector detector = ChangeDetector.load(model, ComputeMode.parse("cpu", "auto"))) {
            for (int i = 0; i < PASSES; i++) {
                long start = System.nanoTime();
                detector.probabilities(before, after, 1, tile, tile);
                seconds.add((System.nanoTime() - start) / 1e9);
            }
        }
        double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
