package org.terrachange.bench.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.terrachange.detect.DetectionRequest;
import org.terrachange.detect.scene.BlendStrip;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.raster.Window;

/// One row of four overlapping tiles of 1,024 x 1,024 pixels blended into the probabilities of a scene, and the rows
/// that are settled taken off.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class TileBlend {
    private static final int TILES = 4;
    private static final int TILE = DetectionRequest.DEFAULT_TILE;
    private static final int STEP = TILE - DetectionRequest.DEFAULT_OVERLAP;
    private static final int WIDTH = (TILES - 1) * STEP + TILE;

    private BlendStrip strip;
    private float[] probability;
    private ScenePair.Patch[] patches;

    @Setup
    public void make() {
        strip = BlendStrip.over(WIDTH, TILE + STEP, TILE, DetectionRequest.DEFAULT_OVERLAP);
        probability = new float[TILE * TILE];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < probability.length; i++) {
            probability[i] = (float) random.nextDouble();
        }
        patches = new ScenePair.Patch[TILES];
        Arrays.setAll(
                patches,
                i -> new ScenePair.Patch(
                        new Window(i * STEP, 0, TILE, TILE),
                        TILE,
                        TILE,
                        new byte[0],
                        new byte[0],
                        new boolean[TILE * TILE]));
    }

    @Benchmark
    public float[] blend() {
        for (int column = 0; column < TILES; column++) {
            strip.add(patches[column], probability, 0, column);
        }
        return strip.settle(0);
    }
}
