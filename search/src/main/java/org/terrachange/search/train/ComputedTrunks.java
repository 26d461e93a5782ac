package org.terrachange.search.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.data.loader.Prefetcher;
import org.terrachange.data.retrieval.RetrievalBatch;
import org.terrachange.data.retrieval.RetrievalExample;
import org.terrachange.data.retrieval.RetrievalStream;
import org.terrachange.nn.distributed.Share;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.search.model.SearchNetwork;

/// Sends every example through the trunk: images are prepared ahead on threads of their own.
final class ComputedTrunks implements PairTrunks {
    private final SearchNetwork network;
    private final ImageNormalization normalization;
    private final ComputeMode mode;
    private final Prefetcher<RetrievalBatch> ahead;

    /// @param first number of the first example
    /// @param batchSize examples a step, of all processes together
    /// @param share which of them this process takes
    /// @param workers threads that prepare images
    ComputedTrunks(
            RetrievalStream pairs,
            long first,
            int batchSize,
            Share share,
            int workers,
            SearchNetwork network,
            ImageNormalization normalization,
            ComputeMode mode) {
        this.network = network;
        this.normalization = normalization;
        this.mode = mode;
        ahead = new Prefetcher<>(pairs, first, batchSize, share, workers);
    }

    @Override
    public Batch next() throws IOException, InterruptedException {
        RetrievalBatch batch = ahead.next();
        return new Batch() {
            @Override
            public List<RetrievalExample> examples() {
                return batch.examples();
            }

            @Override
            public Tensor trunk(int from, int count, Mode pass) {
                return network.trunk(images(batch.before(), from, count), images(batch.after(), from, count), pass);
            }

            private Tensor images(byte[] all, int from, int count) {
                int image = 3 * batch.size() * batch.size();
                byte[] part = Arrays.copyOfRange(all, from * image, (from + count) * image);
                return normalization.apply(part, count, batch.size(), batch.size(), mode);
            }
        };
    }

    @Override
    public long waitedNanos() {
        return ahead.waitedNanos();
    }

    @Override
    public void close() {
        ahead.close();
    }
}
