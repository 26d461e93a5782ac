package org.terrachange.server.detection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.tensor.ComputeMode;

/// The server's one detector: loaded when it is first needed, then kept, and used by one caller at a time.
public final class SharedDetector implements AutoCloseable {
    private final Path checkpoint;
    private final ComputeMode compute;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock cardLock = new ReentrantLock();
    private @Nullable ChangeDetector loaded;
    private @Nullable ModelCard card;

    /// @param checkpoint as [ChangeDetector#load] takes it; not read yet
    public SharedDetector(Path checkpoint, ComputeMode compute) {
        this.checkpoint = checkpoint;
        this.compute = compute;
    }

    /// Something to do with the detector.
    @FunctionalInterface
    public interface Use<T> {
        T with(ChangeDetector detector) throws IOException, InterruptedException;
    }

    /// What the detector is, without loading its weights.
    ///
    /// @throws org.terrachange.nn.checkpoint.CheckpointException if the file is no detector
    public ModelCard card() throws IOException {
        cardLock.lock();
        try {
            ModelCard known = card;
            if (known == null) {
                try (StateDict stored = Checkpoints.open(checkpoint)) {
                    known = stored.metadata().containsKey("layout")
                            ? ModelCard.of(checkpoint.toString(), stored.metadata())
                            : ModelCard.ofBareWeights(String.valueOf(checkpoint.getFileName()));
                }
                card = known;
            }
            return known;
        } finally {
            cardLock.unlock();
        }
    }

    /// Does something with the detector, after everybody who asked before.
    ///
    /// @throws InterruptedException if the calling thread is interrupted
    public <T> T use(Use<T> use) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            ChangeDetector detector = loaded;
            if (detector == null) {
                detector = ChangeDetector.load(checkpoint, compute);
                loaded = detector;
            }
            return use.with(detector);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (loaded != null) {
                loaded.close();
                loaded = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
