package org.terrachange.hub.download;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Refuses a download that the disk has no room for, before it fills the disk.
final class FreeSpace {
    /// Left for others: a disk that is full to the last byte breaks more than a download.
    private static final long RESERVE = 64L << 20;

    /// Where the number comes from.
    @FunctionalInterface
    interface Gauge {
        long usable(Path folder) throws IOException;
    }

    private final Gauge gauge;

    FreeSpace(Gauge gauge) {
        this.gauge = gauge;
    }

    static FreeSpace ofDisks() {
        return new FreeSpace(folder -> Files.getFileStore(folder).getUsableSpace());
    }

    /// @param folder an existing one
    /// @param bytes that are going to be written into it
    /// @throws FileSystemException naming the folder and both numbers, if they do not fit
    void require(Path folder, long bytes) throws IOException {
        long usable = gauge.usable(folder);
        if (bytes > usable - RESERVE) {
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    "has no room for " + Sizes.words(bytes) + ": " + Sizes.words(usable)
                            + " are free, of which " + Sizes.words(RESERVE)
                            + " stay free; make room, or set TERRACHANGE_HOME to a folder on another disk");
        }
    }
}
