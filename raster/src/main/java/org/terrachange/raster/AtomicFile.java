package org.terrachange.raster;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A file that appears under its name only when it is complete.
///
/// The content is written to [#temporary()], a sibling of the target; [#commit()] moves it into place in one step,
/// so a
/// reader sees either the old file or the whole new one. Closing without committing deletes the temporary file:
///
/// ```java
/// try (AtomicFile file = AtomicFile.create(target)) {
///     Files.writeString(file.temporary(), json);
///     file.commit();
/// }
/// ```
public final class AtomicFile implements Closeable {
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Keeps the temporary name within the 255 bytes that file systems allow, whatever the target is called.
    private static final int NAME_PREFIX = 60;

    private final Path target;
    private final Path temporary;
    private boolean committed;

    private AtomicFile(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    /// Creates the empty temporary file, so that a folder that cannot be written is noticed before any work is
    /// done.
    ///
    /// @param target where the file shall appear; an existing file is replaced at [#commit()]
    /// @throws RasterException if the target is a folder, or its folder is missing or not writable
    public static AtomicFile create(Path target) throws RasterException {
        Path whole = target.toAbsolutePath();
        Path name = whole.getFileName();
        if (name == null || Files.isDirectory(whole)) {
            throw new RasterException(target, "is a folder; name a file to write");
        }
        String label = name.toString();
        String random = HexFormat.of().toHexDigits(RANDOM.nextLong());
        Path temporary = whole.resolveSibling(
                "." + label.substring(0, Math.min(label.length(), NAME_PREFIX)) + "-" + random + ".part");
        AtomicFile file = new AtomicFile(target, temporary);
        try {
            // Not Files.createTempFile: it makes files that only their owner may read, and results are for sharing.
            Files.createFile(temporary);
        } catch (IOException e) {
            throw file.failure(e);
        }
        return file;
    }

    /// Writes a whole file in one call: creates the temporary file, lets `content` fill it, commits.
    ///
    /// @throws RasterException if anything fails; no file is left and an existing target is untouched
    public static void write(Path target, Content content) throws RasterException {
        try (AtomicFile file = create(target)) {
            try {
                content.writeTo(file.temporary());
            } catch (IOException e) {
                throw file.failure(e);
            }
            file.commit();
        }
    }

    /// The name that the file shall have in the end.
    public Path target() {
        return target;
    }

    /// The sibling to write to. It exists, empty, from the start; it may be truncated or replaced.
    public Path temporary() {
        return temporary;
    }

    /// Forces what was written to the device, for results that must survive a power cut. Call it before
    /// [#commit()].
    public void sync() throws RasterException {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Gives the file its name, replacing an older file.
    public void commit() throws RasterException {
        try {
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException _) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw failure(e);
        }
        committed = true;
    }

    /// The exception for something that went wrong while the file was written: it names the target, not the
    /// temporary file, and says the cause in words. A [RasterException] passes through.
    public RasterException failure(Exception cause) {
        if (cause instanceof RasterException told) {
            return told;
        }
        return new RasterException(target, "cannot be written: " + reason(cause), cause);
    }

    private String reason(Exception cause) {
        return switch (cause) {
            case AccessDeniedException _ ->
                "the folder " + temporary.getParent() + " is not writable; choose another or change its permissions";
            case NoSuchFileException _ -> "the folder " + temporary.getParent() + " does not exist; create it first";
            case FileSystemException e -> orClassName(e.getReason(), e);
            default -> orClassName(cause.getMessage(), cause);
        };
    }

    private static String orClassName(@Nullable String text, Exception cause) {
        return text == null || text.isBlank() ? cause.getClass().getSimpleName() : text;
    }

    /// Deletes the temporary file unless it was committed.
    @Override
    public void close() throws RasterException {
        if (!committed) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                throw new RasterException(temporary, "cannot be deleted: " + reason(e), e);
            }
        }
    }

    /// Fills the temporary file.
    @FunctionalInterface
    public interface Content {
        void writeTo(Path temporary) throws IOException;
    }
}
