package org.terrachange.nn.training;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.distributed.ProcessGroup;

/// The folder that a run writes to, held for this run alone: two in one folder would overwrite each other's states and
/// weights. The system lets go of it when the process ends, however it ends.
public final class RunFolder implements Closeable {
    private static final String LOCK = ".lock";

    private final Path file;
    private final @Nullable FileChannel channel;

    private RunFolder(Path file, @Nullable FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Makes the folder if need be and holds it until it is closed. Half-written weights of a run that was killed are
    /// deleted.
    ///
    /// @param group the processes of the run, of which the first one writes and holds
    /// @throws CheckpointException if another run holds it
    public static RunFolder hold(Path folder, ProcessGroup group) throws IOException {
        Path file = folder.resolve(LOCK);
        if (!group.first()) {
            return new RunFolder(file, null);
        }
        Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isTaken(channel)) {
            channel.close();
            throw new CheckpointException(
                    folder, "another run is writing here; wait until it ends or choose another output folder");
        }
        SafetensorsFile.deletePartials(folder);
        return new RunFolder(file, channel);
    }

    private static boolean isTaken(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            // A file system without locks: then nothing can be said, and a run that is alone must not suffer.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            try (channel) {
                Files.deleteIfExists(file);
            }
        }
    }
}
