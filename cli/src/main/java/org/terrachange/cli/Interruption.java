package org.terrachange.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Makes Ctrl-C (and a polite kill) stop the working thread by an interrupt, and keeps the process alive until
/// that thread has removed its unfinished files.
final class Interruption implements AutoCloseable {
    /// One pass of a network cannot be cut short; it takes a few seconds on a slow machine.
    private static final long PATIENCE_SECONDS = 30;

    /// 128 and the number of the signal, as shells count.
    private static final int TERMINATED = 143;

    private final CountDownLatch finished = new CountDownLatch(1);

    private Interruption() {}

    /// Watches over the calling thread until closed. Closing it before the process ends is what tells an
    /// orderly end from an interrupted one.
    static Interruption ofThisThread() {
        Interruption interruption = new Interruption();
        Thread worker = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("interruption").unstarted(() -> interruption.stop(worker)));
        return interruption;
    }

    private void stop(Thread worker) {
        if (finished.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                // An orderly exit would take libtorch's memory away under the pass that still runs, and crash.
                Runtime.getRuntime().halt(TERMINATED);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
    }
}
