package org.terrachange.spark.output;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.terrachange.raster.RasterException;
import org.terrachange.spark.fleet.FileTrees;

/// A folder of results in the making, which nobody else writes to. It moves into place in one step, when all is in
/// it; closing it before leaves nothing.
///
/// Several attempts at the same results may run at once, as Spark repeats tasks: the first to end has its folder
/// put in place, and later ones find theirs there already.
public final class Attempt implements Closeable {
    static final String PREFIX = "attempt-";

    /// Others that replace the same older results at this moment are few.
    private static final int MOST_TRIES = 10;

    private final Path root;
    private final String record;
    private final Path folder;

    /// @param root of an [OutputFolder]
    /// @param record name of the file by which finished results are known
    public Attempt(Path root, String record) throws IOException {
        this.root = root;
        this.record = record;
        folder = Files.createDirectories(fresh());
    }

    private Path fresh() {
        return OutputFolder.work(root).resolve(PREFIX + UUID.randomUUID());
    }

    /// Where to write.
    public Path folder() {
        return folder;
    }

    /// Tells finished results from those of other inputs.
    @FunctionalInterface
    public interface Check {
        boolean isCurrent(Path results) throws IOException;
    }

    /// Whether what lies at a place was put there by an attempt: results appear whole, so theirs are a folder with
    /// its record.
    ///
    /// @param record as given to the attempt
    public static boolean made(Path target, String record) {
        return Files.isRegularFile(target.resolve(record));
    }

    /// Makes sure that a place for results is free, or holds older ones, which may be replaced.
    ///
    /// @param record as given to the attempt
    /// @throws RasterException if it holds anything else
    public static void requireReplaceable(Path target, String record) throws RasterException {
        // Asked twice, because another attempt may put older results out of the way and its own in their place.
        if (!made(target, record) && Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !made(target, record)) {
            throw new RasterException(
                    target,
                    "exists, and holds no " + record + ", so it is not from this command and is left as it is; choose"
                            + " another --out, or move it away");
        }
    }

    /// Moves the folder into place, unless results of another attempt are there; older ones are replaced.
    ///
    /// @param target in the root
    /// @param check whether what lies there is what this attempt made
    /// @throws RasterException if something lies there that no attempt made, which is left as it is
    public void place(Path target, Check check) throws IOException {
        for (int tries = 0; ; tries++) {
            requireReplaceable(target, record);
            try {
                Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (FileSystemException e) {
                if (tries == MOST_TRIES || !Files.isDirectory(folder)) {
                    throw e;
                }
            }
            if (Files.exists(target) && check.isCurrent(target)) {
                return;
            }
            moveAway(target);
        }
    }

    private void moveAway(Path target) throws IOException {
        Path aside = fresh();
        try {
            Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
            FileTrees.delete(aside);
        } catch (NoSuchFileException _) {
            // Another attempt did it.
        }
    }

    @Override
    public void close() throws IOException {
        FileTrees.delete(folder);
    }
}
