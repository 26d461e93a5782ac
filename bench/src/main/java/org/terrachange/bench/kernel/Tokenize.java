package org.terrachange.bench.kernel;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.text.TokenBatch;

/// One caption to tokens, by CLIP's byte-pair encoding. The words come again and again, as those of captions do.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class Tokenize {
    private static final int CONTEXT = 77;
    private static final int CAPTIONS = 8;

    private ClipTokenizer tokenizer;
    private List<String> captions;

    @Setup
    public void load() {
        tokenizer = ClipTokenizer.shared();
        captions = List.of(
                "several houses are built along the road",
                "a large building appears at the top left corner of the scene",
                "the forest is replaced by a residential area with roads",
                "nothing has changed",
                "some trees are removed and a parking lot is constructed beside the factory",
                "two rows of villas emerge on both sides of the new street",
                "the bare land in the middle has turned into a swimming pool and lawns",
                "there is no difference between the two images");
    }

    @Benchmark
    @OperationsPerInvocation(CAPTIONS)
    public TokenBatch tokenize() {
        return tokenizer.batch(captions, CONTEXT);
    }
}
