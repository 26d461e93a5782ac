package org.terrachange.raster.tiff;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.http.ByteRange;
import org.terrachange.raster.http.HttpFile;

/// A file on a web server.
record RemoteBytes(HttpFile file) implements ByteSource {
    /// A quarter of what the file keeps: what is announced is still there when it is read.
    private static final int FORESIGHT = 1 << 22;

    @Override
    public String location() {
        return file.url();
    }

    @Override
    public Optional<Path> path() {
        return Optional.empty();
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void read(long position, byte[] into) throws RasterException {
        file.read(position, into);
    }

    @Override
    public int foresight() {
        return FORESIGHT;
    }

    @Override
    public void announce(List<ByteRange> ranges) throws RasterException {
        file.fetch(ranges);
    }

    @Override
    public void close() {
        file.close();
    }
}
