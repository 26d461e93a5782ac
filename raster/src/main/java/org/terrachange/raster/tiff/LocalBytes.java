package org.terrachange.raster.tiff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.http.ByteRange;

/// A file on this machine.
final class LocalBytes implements ByteSource {
    private final Path file;
    private final FileChannel channel;
    private final long size;

    private LocalBytes(Path file, FileChannel channel, long size) {
        this.file = file;
        this.channel = channel;
        this.size = size;
    }

    static LocalBytes open(Path file) throws RasterException {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                return new LocalBytes(file, channel, channel.size());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new RasterException(file, "cannot be opened (" + e + ")", e);
        }
    }

    @Override
    public String location() {
        return file.toString();
    }

    @Override
    public Optional<Path> path() {
        return Optional.of(file);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long position, byte[] into) throws RasterException {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new RasterException(file, "became shorter while it was read");
                }
            }
        } catch (RasterException e) {
            throw e;
        } catch (IOException e) {
            throw new RasterException(file, "cannot be read (" + e + ")", e);
        }
    }

    @Override
    public int foresight() {
        return 0;
    }

    @Override
    public void announce(List<ByteRange> ranges) {}

    @Override
    public void close() throws RasterException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new RasterException(file, "cannot be closed (" + e + ")", e);
        }
    }
}
