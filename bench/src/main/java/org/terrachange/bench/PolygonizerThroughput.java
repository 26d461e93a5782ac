package org.terrachange.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.polygon.Polygonizer;

/// Measures [Polygonizer] on a mask too large for the heap, which is made row by row: a town on a lattice,
/// roads that cross everything and join into one patch with thousands of holes, and specks.
///
/// ```sh
/// java -Xmx512m -cp ... org.terrachange.bench.PolygonizerThroughput 60000 60000
/// ```
///
/// A third argument makes the mask noise of that density instead; at 0.65 all of it hangs together in one
/// patch.
///
/// With the word `gdal` as the last argument, GDAL outlines the same mask in memory, by one thread as well, where
/// Debian's `python3-gdal` is installed.
///
/// Fails unless the pixels of the polygons, by their count and by their area, are the pixels of the mask.
public final class PolygonizerThroughput {
    private static final int CHUNK = 64;
    private static final int CELL = 100;
    private static final int ROAD_WIDTH = 7;
    private static final long SEED = 42;

    private final int width;
    private final int height;
    private final double density;
    private final long seed;
    private long ones;

    private PolygonizerThroughput(int width, int height, double density, long seed) {
        this.width = width;
        this.height = height;
        this.density = density;
        this.seed = seed;
    }

    /// @param args columns, rows, for noise its density, and `gdal` to compare
    public static void main(String... args) throws IOException {
        boolean gdal = args[args.length - 1].equals("gdal");
        double density = args.length > (gdal ? 3 : 2) ? Double.parseDouble(args[2]) : 0;
        int width = Integer.parseInt(args[0]);
        int height = Integer.parseInt(args[1]);
        double own = new PolygonizerThroughput(width, height, density, SEED).run();
        if (gdal) {
            Path mask = Files.createTempFile("terrachange-bench", ".tif");
            try {
                new PolygonizerThroughput(width, height, density, SEED).write(mask);
                Map<String, Double> peer = PythonPeer.figures("polygonize_mask.py", mask.toString());
                double seconds = peer.getOrDefault("polygonize", Double.NaN);
                System.out.printf(
                        Locale.ROOT,
                        "GDAL: %.0f polygons in %.2f s, %.1f times as long%n",
                        peer.getOrDefault("polygons", Double.NaN),
                        seconds,
                        seconds / own);
            } finally {
                Files.delete(mask);
            }
        }
    }

    private void write(Path file) throws IOException {
        Grid grid = new Grid(width, height, Optional.empty(), Optional.empty());
        CogOptions options = CogOptions.of(SampleType.UINT8, 1);
        try (CogWriter writer = CogWriter.create(file, grid, options)) {
            for (int y = 0; y < height; y += CHUNK) {
                int rows = Math.min(CHUNK, height - y);
                byte[] mask = new byte[rows * width];
                draw(y, rows, mask);
                writer.append(PixelBlock.ofBytes(new Window(0, y, width, rows), mask));
            }
            writer.finish();
        }
    }

    private void draw(int y, int rows, byte[] mask) {
        Arrays.fill(mask, (byte) 0);
        for (int row = 0; row < rows; row++) {
            if (density > 0) {
                drawNoise(y + row, mask, row * width);
            } else {
                drawTown(y + row, mask, row * width);
            }
        }
    }

    /// Seconds that the polygons take.
    private double run() throws IOException {
        long[] pixels = new long[1];
        double[] area = new double[1];
        long[] vertices = new long[1];
        long[] largest = new long[1];
        var polygonizer = new Polygonizer(width, 1, component -> {
            pixels[0] += component.pixels();
            area[0] += component.outline().getArea();
            vertices[0] += component.outline().getNumPoints();
            largest[0] = Math.max(largest[0], component.outline().getNumPoints());
        });
        byte[] mask = new byte[CHUNK * width];
        float[] probability = new float[CHUNK * width];
        Arrays.fill(probability, 0.75f);
        long making = 0;
        long tracing = 0;
        for (int y = 0; y < height; y += CHUNK) {
            int rows = Math.min(CHUNK, height - y);
            long start = System.nanoTime();
            draw(y, rows, mask);
            long made = System.nanoTime();
            polygonizer.append(rows, mask, probability);
            tracing += System.nanoTime() - made;
            making += made - start;
        }
        long start = System.nanoTime();
        long patches = polygonizer.finish();
        tracing += System.nanoTime() - start;
        System.out.printf(
                "%d x %d: %d patches, %d vertices, %d in the largest; %d of %d pixels set%n",
                width, height, patches, vertices[0], largest[0], ones, (long) width * height);
        System.out.printf(
                "traced in %.1f s (%.0f Mpixel/s), drawn in %.1f s; %d cuts; peak resident %s%n",
                tracing / 1e9,
                (double) width * height / tracing * 1e3,
                making / 1e9,
                polygonizer.cuts(),
                peakResident());
        if (pixels[0] != ones || area[0] != ones) {
            throw new IllegalStateException(
                    "the polygons have " + pixels[0] + " pixels and an area of " + area[0] + ", the mask " + ones);
        }
        return tracing / 1e9;
    }

    private void drawTown(int y, byte[] mask, int at) {
        var random = new SplittableRandom(seed * 31 + y);
        var town = new SplittableRandom(seed + y / CELL);
        for (int cell = 0; cell + CELL <= width; cell += CELL) {
            int left = cell + town.nextInt(CELL / 2);
            int right = left + 5 + town.nextInt(30);
            int top = town.nextInt(CELL / 2);
            int bottom = top + 5 + town.nextInt(30);
            if (town.nextInt(3) == 0 && y % CELL >= top && y % CELL < bottom) {
                Arrays.fill(mask, at + left, at + right, (byte) 1);
            }
        }
        for (int road = 0; road * 3000 < width; road++) {
            int middle = (int) (road * 3000 + 1500 + 900 * Math.sin(y / (150.0 + road)));
            Arrays.fill(
                    mask, at + Math.clamp(middle, 0, width), at + Math.clamp(middle + ROAD_WIDTH, 0, width), (byte) 1);
        }
        if (y % 1500 < ROAD_WIDTH) {
            Arrays.fill(mask, at, at + width, (byte) 1);
        }
        for (int x = random.nextInt(10_000); x < width; x += 1 + random.nextInt(10_000)) {
            mask[at + x] = 1;
        }
        count(mask, at);
    }

    private void drawNoise(int y, byte[] mask, int at) {
        var random = new SplittableRandom(seed * 31 + y);
        int threshold = (int) (density * 256);
        for (int x = 0; x < width; x += 8) {
            long bits = random.nextLong();
            for (int i = 0; i < 8 && x + i < width; i++) {
                mask[at + x + i] = (byte) ((bits >>> 8 * i & 0xff) < threshold ? 1 : 0);
            }
        }
        count(mask, at);
    }

    private void count(byte[] mask, int at) {
        for (int x = 0; x < width; x++) {
            ones += mask[at + x];
        }
    }

    private static String peakResident() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.isReadable(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .map(line -> line.replaceAll("\\s+", " "))
                        .orElse("unknown")
                : "unknown";
    }
}
