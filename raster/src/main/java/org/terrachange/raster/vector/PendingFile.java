package org.terrachange.raster.vector;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.terrachange.raster.RasterException;

/// A file that is written under a temporary sibling name and takes its own name when it is complete.
final class PendingFile implements Closeable {
    private final Path target;
    private final Path temporary;

    private PendingFile(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    /// Creates the empty temporary file.
    ///
    /// @throws RasterException if the target is a folder, or its folder is missing or not writable
    static PendingFile create(Path target) throws RasterException {
        Path whole = target.toAbsolutePath();
        if (Files.isDirectory(whole)) {
            throw new RasterException(target, "is a folder; name a file to write");
        }
        Path temporary = whole.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            Files.createFile(temporary);
        } catch (NoSuchFileException e) {
            throw new RasterException(
                    target, "the folder " + whole.getParent() + " does not exist; create it first", e);
        } catch (IOException e) {
            throw new RasterException(target, "the folder " + whole.getParent() + " cannot be written to", e);
        }
        return new PendingFile(target, temporary);
    }

    /// Where to write.
    Path temporary() {
        return temporary;
    }

    /// The exception for something that went wrong while the file was written.
    RasterException failure(Exception cause) {
        return new RasterException(target, "cannot be written: " + cause.getMessage(), cause);
    }

    /// Gives the file its name, replacing an older file.
    void commit() throws RasterException {
        try {
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException _) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Deletes the temporary file if it was not committed.
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(temporary);
    }
}
