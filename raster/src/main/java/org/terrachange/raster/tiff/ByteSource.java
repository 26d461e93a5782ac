package org.terrachange.raster.tiff;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.http.ByteRange;

/// Where the bytes of a TIFF come from. Reads do not move a shared position, so any number of threads may read at once.
sealed interface ByteSource extends Closeable permits LocalBytes, RemoteBytes {

    /// What was opened, for messages.
    String location();

    /// The file on this machine, which may have companions beside it.
    Optional<Path> path();

    /// The number of bytes.
    long size();

    /// Fills an array with the bytes from `position` on, which lie inside the file.
    void read(long position, byte[] into) throws RasterException;

    /// How many bytes are worth announcing before they are read; 0 where that gains nothing.
    int foresight();

    /// Announces that ranges are going to be read.
    void announce(List<ByteRange> ranges) throws RasterException;

    @Override
    void close() throws RasterException;
}
