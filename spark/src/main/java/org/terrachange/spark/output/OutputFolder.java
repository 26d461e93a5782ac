package org.terrachange.spark.output;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.RasterException;
import org.terrachange.spark.fleet.FileTrees;

/// The folder of one run's results, held by one run at a time. Unfinished work lies in `.batch` inside it, which
/// a run that ends well leaves empty or takes away.
public final class OutputFolder implements Closeable {
    private static final String WORK = ".batch";
    private static final String LOCK = "lock";

    private final Path root;
    private final FileChannel channel;

    private OutputFolder(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /// Takes hold of a folder, which is made where it does not exist, and clears away what attempts that were
    /// killed left in it.
    ///
    /// @throws IOException if it cannot be written
    /// @throws RasterException if another run holds it
    public static OutputFolder hold(Path folder) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root.resolve(WORK));
        } catch (IOException e) {
            throw new IOException(folder + ": cannot be created as an output folder; choose another", e);
        }
        FileChannel channel =
                FileChannel.open(root.resolve(WORK).resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(channel) == null) {
            channel.close();
            throw new RasterException(folder, "another run is writing into this folder: wait until it has ended");
        }
        OutputFolder held = new OutputFolder(root, channel);
        for (Path attempt : held.attempts()) {
            FileTrees.delete(attempt);
        }
        return held;
    }

    /// Makes sure that a run does not write its own file over the catalogue that it reads, such as the table of an
    /// earlier run.
    ///
    /// @param written a file that the run replaces
    /// @throws RasterException if they are one file
    public static void requireOther(Path catalogue, Path written) throws IOException {
        if (Files.exists(written) && Files.isSameFile(catalogue, written)) {
            throw new RasterException(
                    catalogue, "is the file that this run would write; choose another --out, or rename the catalogue");
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private List<Path> attempts() throws IOException {
        try (var entries = Files.list(root.resolve(WORK))) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(Attempt.PREFIX))
                    .toList();
        }
    }

    /// The folder itself, by its whole path.
    public Path root() {
        return root;
    }

    /// Where unfinished work of a run lies.
    public static Path work(Path root) {
        return root.resolve(WORK);
    }

    /// Lets go of the folder, and takes away the folder of unfinished work where nothing worth keeping is in it.
    @Override
    public void close() throws IOException {
        try (channel) {
            Path work = root.resolve(WORK);
            for (Path attempt : attempts()) {
                FileTrees.delete(attempt);
            }
            try (var entries = Files.list(work)) {
                if (entries.allMatch(entry -> entry.getFileName().toString().equals(LOCK))) {
                    FileTrees.delete(work);
                }
            }
        }
    }
}
