package org.terrachange.search.train;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.data.retrieval.RetrievalExample;
import org.terrachange.data.retrieval.RetrievalStream;
import org.terrachange.nn.distributed.Share;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.Device;

/// Looks up what a frozen trunk has said of every view of every pair: an epoch costs no more than the heads.
final class KeptTrunks implements PairTrunks {
    private final RetrievalStream pairs;
    private final TrunkFile file;
    private final Device device;
    private final int batchSize;
    private final Share share;
    private long next;

    /// @param pairs the stream that the file was recorded from
    /// @param first number of the first example
    /// @param batchSize examples a step, of all processes together
    /// @param share which of them this process takes
    KeptTrunks(RetrievalStream pairs, TrunkFile file, Device device, long first, int batchSize, Share share) {
        this.pairs = pairs;
        this.file = file;
        this.device = device;
        this.batchSize = batchSize;
        this.share = share;
        next = first;
    }

    @Override
    public Batch next() {
        long first = next;
        next += batchSize;
        List<RetrievalExample> examples = IntStream.range(0, share.of(batchSize))
                .mapToObj(i -> pairs.example(first + share.place(i)))
                .toList();
        return new Batch() {
            @Override
            public List<RetrievalExample> examples() {
                return examples;
            }

            @Override
            public Tensor trunk(int from, int count, Mode pass) {
                return device.of(file.read(examples.subList(from, from + count)));
            }
        };
    }

    @Override
    public long waitedNanos() {
        return 0;
    }

    @Override
    public void close() {
        file.close();
    }
}
