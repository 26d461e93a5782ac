package org.terrachange.data.loader;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Prepares the next batches of a [CropStream] on threads of its own while the network works on the present one.
/// Batches come in order whatever the number of threads.
public final class Prefetcher implements AutoCloseable {
    private final CropStream stream;
    private final int batchSize;
    private final ExecutorService threads;
    private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
    private long nextCrop;

    /// @param firstCrop where in the sequence to begin
    /// @param batchSize crops a batch
    /// @param workers threads; twice as many batches are kept ready
    public Prefetcher(CropStream stream, long firstCrop, int batchSize, int workers) {
        this.stream = stream;
        this.batchSize = batchSize;
        this.nextCrop = firstCrop;
        threads = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().daemon().name("loader-", 0).factory());
        for (int i = 0; i < 2 * workers; i++) {
            request();
        }
    }

    private void request() {
        long first = nextCrop;
        nextCrop += batchSize;
        ahead.add(threads.submit(() -> stream.batch(first, batchSize)));
    }

    /// The next batch.
    ///
    /// @throws IOException if an image of it cannot be read
    public Batch next() throws IOException, InterruptedException {
        Future<Batch> batch = ahead.remove();
        request();
        try {
            return batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("preparing a batch failed", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
