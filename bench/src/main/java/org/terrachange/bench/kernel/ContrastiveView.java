package org.terrachange.bench.kernel;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.terrachange.data.views.ViewSampler;
import org.terrachange.data.views.ViewSettings;

/// One view for SimCLR, 224 x 224 pixels of a window of 512.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init")
public class ContrastiveView {
    private static final int IMAGE = 512;
    private static final int SIZE = 224;

    private byte[] image;
    private byte[] view;
    private ViewSampler sampler;
    private long seed;

    @Setup
    public void draw() {
        image = new byte[3 * IMAGE * IMAGE];
        new SplittableRandom(1).nextBytes(image);
        view = new byte[3 * SIZE * SIZE];
        sampler = new ViewSampler(ViewSettings.published(SIZE));
    }

    @Benchmark
    public byte[] sample() {
        sampler.sample(image, IMAGE, IMAGE, seed++, view, 0);
        return view;
    }
}
