package org.terrachange.data.loader;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.terrachange.nn.distributed.Share;
import org.terrachange.nn.training.Examples;

/// Prepares the next batches of a sequence on threads of its own while the network works on the present one.
/// Batches come in order whatever the number of threads.
///
/// @param <B> what holds the examples of a batch
public final class Prefetcher<B> implements Examples<B> {
    private final BatchSource<B> source;
    private final int batchSize;
    private final Share share;
    private final int ownSize;
    private final ExecutorService threads;
    private final Deque<Future<B>> ahead = new ArrayDeque<>();
    private long nextExample;
    private long waited;

    /// @param firstExample where in the sequence to begin
    /// @param batchSize examples a batch
    /// @param workers threads; twice as many batches are kept ready
    public Prefetcher(BatchSource<B> source, long firstExample, int batchSize, int workers) {
        this(source, firstExample, batchSize, Share.WHOLE, workers);
    }

    /// @param firstExample where in the sequence to begin
    /// @param batchSize examples a batch of all processes together
    /// @param share which of them this process takes
    /// @param workers threads; twice as many batches are kept ready
    /// @throws IllegalArgumentException if the batch does not divide into equal shares
    public Prefetcher(BatchSource<B> source, long firstExample, int batchSize, Share share, int workers) {
        this.source = source;
        this.share = share;
        ownSize = share.of(batchSize);
        this.batchSize = batchSize;
        this.nextExample = firstExample;
        threads = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().daemon().name("loader-", 0).factory());
        for (int i = 0; i < 2 * workers; i++) {
            request();
        }
    }

    private void request() {
        long first = nextExample;
        nextExample += batchSize;
        ahead.add(threads.submit(() -> source.batch(first + share.rank(), ownSize, share.size())));
    }

    @Override
    public B next() throws IOException, InterruptedException {
        Future<B> batch = ahead.remove();
        request();
        long asked = System.nanoTime();
        try {
            return batch.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("preparing a batch failed", e.getCause());
            }
        } finally {
            waited += System.nanoTime() - asked;
        }
    }

    @Override
    public long waitedNanos() {
        return waited;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
