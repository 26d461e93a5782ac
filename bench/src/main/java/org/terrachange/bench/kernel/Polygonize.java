package org.terrachange.bench.kernel;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.terrachange.raster.polygon.Polygonizer;

/// The polygons of a mask of 4096 x 4096 pixels with some thousand houses.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init")
public class Polygonize {
    private static final int SIZE = 4096;
    private static final int ROWS = 64;
    private static final int CELL = 60;
    private static final int HOUSE = 23;

    private byte[] mask;
    private float[] probability;

    @Setup
    public void draw() {
        mask = new byte[ROWS * SIZE];
        for (int y = 0; y < ROWS; y++) {
            for (int x = 0; x < SIZE; x++) {
                // Corners cut off by turns, so that outlines are not all rectangles.
                boolean house = x % CELL < HOUSE && y < HOUSE && x % CELL + y > x / CELL % 12;
                mask[y * SIZE + x] = (byte) (house ? 1 : 0);
            }
        }
        probability = new float[ROWS * SIZE];
        Arrays.fill(probability, 0.75f);
    }

    @Benchmark
    public long polygonize() throws IOException {
        long[] pixels = new long[1];
        Polygonizer polygonizer = new Polygonizer(SIZE, 1, component -> pixels[0] += component.pixels());
        for (int y = 0; y < SIZE; y += ROWS) {
            polygonizer.append(ROWS, mask, probability);
        }
        return polygonizer.finish() + pixels[0];
    }
}
