package org.terrachange.hub.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The right to download one file, held by one thread of one process on this machine. The system takes it back
/// when the process ends, however it ends. Lock files stay: deleting one would let two processes lock two files
/// of one name.
public final class DownloadLock implements Closeable {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final FileChannel channel;

    private DownloadLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock, or waits for it.
    ///
    /// @param file the lock file
    /// @param waiting called again and again while another holds it
    static DownloadLock acquire(Path file, Runnable waiting) throws IOException, InterruptedException {
        while (true) {
            Optional<DownloadLock> lock = tryAcquire(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            waiting.run();
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    /// Takes the lock; empty where another holds it.
    static Optional<DownloadLock> tryAcquire(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // Another thread of this process has it.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? Optional.empty() : Optional.of(new DownloadLock(channel));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
