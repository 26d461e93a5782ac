package org.terrachange.raster.tiff;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.RasterException;

/// The threads that help a reading thread to decode blocks: one for each processor but one, shared by all files.
///
/// A reader never waits for a helper to start, because it works off the blocks itself as long as there are any.
/// So reads may run inside other reads or in any pool of threads without a deadlock.
final class Decoders {
    /// How many threads decode together, reader included.
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private static final long IDLE_SECONDS = 10;

    private static final ExecutorService HELPERS = helpers();

    private Decoders() {}

    /// One piece of work, by its number.
    @FunctionalInterface
    interface Task {
        void run(long index) throws RasterException;
    }

    private static ExecutorService helpers() {
        var pool = new ThreadPoolExecutor(
                Math.max(1, THREADS - 1),
                Math.max(1, THREADS - 1),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("terrachange-decoder-", 1).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// Runs a task for each index from 0 to `count`, less one, and returns when all are done.
    ///
    /// @param threads how many threads may work at once, reader included
    /// @throws RasterException the first that a task throws; tasks that have not begun by then are left out
    static void forEach(long count, long threads, Task task) throws RasterException {
        int helpers = (int) Math.min(Math.min(threads, THREADS), count) - 1;
        if (helpers <= 0) {
            for (long i = 0; i < count; i++) {
                task.run(i);
            }
            return;
        }
        var work = new Work(count, task);
        for (int i = 0; i < helpers; i++) {
            HELPERS.execute(work::help);
        }
        work.finish();
    }

    /// The work of one call: whoever is free takes the next index.
    private static final class Work {
        private final long count;
        private final Task task;
        private final AtomicLong next = new AtomicLong();
        private final AtomicLong helping = new AtomicLong();
        private final CountDownLatch helped = new CountDownLatch(1);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        /// Stands for the reader in `helping`, so that the latch opens only after it has come to the end.
        Work(long count, Task task) {
            this.count = count;
            this.task = task;
            helping.set(1);
        }

        void help() {
            // A helper that comes after the reader has left must not touch the work any more.
            if (helping.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0) {
                work();
                leave();
            }
        }

        private void leave() {
            if (helping.decrementAndGet() == 0) {
                helped.countDown();
            }
        }

        @SuppressWarnings("CatchAllThrowable")
        private void work() {
            try {
                for (long i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    task.run(i);
                }
            } catch (RasterException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                next.set(count);
            }
        }

        void finish() throws RasterException {
            work();
            leave();
            boolean interrupted = false;
            while (true) {
                try {
                    helped.await();
                    break;
                } catch (InterruptedException _) {
                    // The helpers write into the reader's arrays: it has to wait for the blocks in work.
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            switch (failure.get()) {
                case null -> {}
                case RasterException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
