package org.terrachange.detect;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.terrachange.raster.RasterException;

/// Where the files of one detection are made, inside the folder that they are meant for. All of them are complete
/// before
/// the first one takes its place, so that a disk that fills up at the end leaves no mixture of two runs.
final class StagedFolder implements Closeable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path target;
    private final Path path;

    private StagedFolder(Path target, Path path) {
        this.target = target;
        this.path = path;
    }

    /// Creates an empty one, and the folder itself where there is none.
    ///
    /// @param names what will be in it
    /// @throws RasterException if files cannot be made there under these names
    static StagedFolder in(Path folder, List<String> names) throws RasterException {
        Path path = folder.resolve(".results-" + HexFormat.of().toHexDigits(RANDOM.nextLong()) + ".part");
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new RasterException(folder, "cannot be written to as an output folder; choose another", e);
        }
        StagedFolder staged = new StagedFolder(folder, path);
        for (String name : names) {
            if (Files.isDirectory(folder.resolve(name))) {
                staged.close();
                throw new RasterException(folder.resolve(name), "is a folder; a result of that name is to go there");
            }
        }
        return staged;
    }

    /// The folder to write to.
    Path path() {
        return path;
    }

    /// Moves its files to where they are meant to be, replacing older ones.
    ///
    /// @param names the files, in order
    void commit(List<String> names) throws RasterException {
        for (String name : names) {
            Path file = target.resolve(name);
            try {
                try {
                    Files.move(path.resolve(name), file, StandardCopyOption.ATOMIC_MOVE);
                } catch (AtomicMoveNotSupportedException _) {
                    Files.move(path.resolve(name), file, StandardCopyOption.REPLACE_EXISTING);
                }
            } catch (IOException e) {
                throw new RasterException(file, "cannot be written (" + e + ")", e);
            }
        }
    }

    /// Deletes what is left of it.
    @Override
    public void close() throws RasterException {
        try (Stream<Path> content = Files.walk(path)) {
            for (Path each : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException _) {
            // Somebody else deleted it, which is what was wanted.
        } catch (IOException | UncheckedIOException e) {
            throw new RasterException(path, "cannot be deleted (" + e + ")", e);
        }
    }
}
