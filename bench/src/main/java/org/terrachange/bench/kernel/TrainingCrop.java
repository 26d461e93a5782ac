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
import org.terrachange.data.augment.Augmentation;
import org.terrachange.data.augment.Crop;
import org.terrachange.data.augment.CropSampler;
import org.terrachange.data.pairs.PairImages;

/// One augmented training crop of a pair, 256 x 256 pixels.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init")
public class TrainingCrop {
    private static final int IMAGE = 512;
    private static final int SIZE = 256;

    private PairImages pair;
    private CropSampler sampler;
    private long seed;

    @Setup
    public void draw() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] before = new byte[3 * IMAGE * IMAGE];
        byte[] after = new byte[3 * IMAGE * IMAGE];
        random.nextBytes(before);
        random.nextBytes(after);
        byte[] change = new byte[IMAGE * IMAGE];
        for (int i = 0; i < change.length; i++) {
            change[i] = (byte) (i % IMAGE / 32 % 4 == 0 ? 1 : 0);
        }
        pair = new PairImages(IMAGE, IMAGE, before, after, change);
        sampler = new CropSampler(Augmentation.standard(), SIZE);
    }

    @Benchmark
    public Crop sample() {
        return sampler.sample(pair, seed++);
    }
}
