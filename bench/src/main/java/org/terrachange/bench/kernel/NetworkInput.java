package org.terrachange.bench.kernel;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;

/// The bytes of one image of 1024 x 1024 pixels made into what a network takes: normalised, channels last, in its
/// number
/// format.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init")
public class NetworkInput {
    private static final int SIZE = 1024;

    @Param({"fp32", "bf16"})
    private String precision;

    private byte[] image;
    private ComputeMode mode;

    @Setup
    public void draw() {
        image = new byte[3 * SIZE * SIZE];
        new SplittableRandom(1).nextBytes(image);
        mode = ComputeMode.parse("cpu", precision);
    }

    @Benchmark
    public long normalise() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            return ImageNormalization.IMAGENET.apply(image, 1, SIZE, SIZE, mode).numel();
        }
    }
}
