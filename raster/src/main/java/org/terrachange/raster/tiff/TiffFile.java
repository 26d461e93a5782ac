package org.terrachange.raster.tiff;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.UnsupportedFormatException;
import org.terrachange.raster.http.ByteRange;

/// An open TIFF or BigTIFF file: positional reads in its byte order, and its chain of directories.
///
/// Reads do not move a shared position, so any number of threads may read at once.
final class TiffFile implements Closeable {
    /// More directories than any imagery has; a longer chain is taken for damage.
    private static final int MAX_DIRECTORIES = 4096;

    private static final int CLASSIC = 42;
    private static final int BIG = 43;

    private final ByteSource source;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private boolean big;
    private long firstDirectory;

    private TiffFile(ByteSource source) {
        this.source = source;
    }

    /// Opens a file on this machine and reads its header.
    static TiffFile open(Path path) throws RasterException {
        return open(LocalBytes.open(path));
    }

    /// Reads the header of a file, which is closed if that fails.
    static TiffFile open(ByteSource source) throws RasterException {
        try {
            var file = new TiffFile(source);
            file.readHeader();
            return file;
        } catch (RasterException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void readHeader() throws RasterException {
        ByteBuffer start = read(0, 8);
        short mark = start.getShort(0);
        if (mark == 0x4949) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else if (mark == 0x4d4d) {
            order = ByteOrder.BIG_ENDIAN;
        } else {
            throw error("is not a TIFF: it starts with neither II nor MM");
        }
        start.order(order);
        int version = start.getShort(2);
        if (version == CLASSIC) {
            firstDirectory = Integer.toUnsignedLong(start.getInt(4));
        } else if (version == BIG) {
            if (start.getShort(4) != 8 || start.getShort(6) != 0) {
                throw error("its BigTIFF header is damaged");
            }
            big = true;
            firstDirectory = read(8, 8).getLong();
        } else {
            throw error("is not a TIFF: version " + version + " instead of 42 or 43");
        }
    }

    /// The path or address of the file, for messages.
    String location() {
        return source.location();
    }

    /// The file on this machine, which may have companions beside it.
    Optional<Path> path() {
        return source.path();
    }

    /// Bytes in the file.
    long size() {
        return source.size();
    }

    /// How many bytes are worth announcing before they are read; 0 where that gains nothing.
    int foresight() {
        return source.foresight();
    }

    /// Announces that ranges are going to be read.
    void announce(List<ByteRange> ranges) throws RasterException {
        source.announce(ranges);
    }

    ByteOrder order() {
        return order;
    }

    /// Reads `length` bytes, all or none, as a buffer in the byte order of the file.
    ///
    /// @throws RasterException if they do not lie wholly inside the file
    ByteBuffer read(long position, int length) throws RasterException {
        requireInside(position, length);
        var bytes = new byte[length];
        read(position, bytes);
        return ByteBuffer.wrap(bytes).order(order);
    }

    /// Fills an array, wholly or not at all.
    ///
    /// @throws RasterException if the bytes do not lie wholly inside the file
    void read(long position, byte[] bytes) throws RasterException {
        requireInside(position, bytes.length);
        source.read(position, bytes);
    }

    /// Checks a range before memory is set aside for it.
    ///
    /// @throws RasterException if the bytes do not lie wholly inside the file
    void requireInside(long position, int length) throws RasterException {
        if (position < 0 || length > size() - position) {
            throw error("is truncated or damaged: bytes " + position + " to " + (position + length)
                    + " are wanted but the file has only " + size());
        }
    }

    /// All directories in the order in which the file chains them.
    ///
    /// @throws RasterException if the chain is empty, runs in a circle or leaves the file
    List<Directory> directories() throws RasterException {
        var directories = new ArrayList<Directory>();
        Set<Long> visited = new HashSet<>();
        long position = firstDirectory;
        while (position != 0) {
            if (!visited.add(position)) {
                throw error("its chain of directories runs in a circle at byte " + position);
            }
            if (visited.size() > MAX_DIRECTORIES) {
                throw error("holds more than " + MAX_DIRECTORIES + " images; it is damaged or no single scene");
            }
            long entries = big
                    ? read(position, 8).getLong()
                    : Short.toUnsignedInt(read(position, 2).getShort());
            if (entries < 1 || entries > 0xffff) {
                throw error("its directory at byte " + position + " claims " + entries + " entries");
            }
            int entryBytes = big ? 20 : 12;
            int linkBytes = big ? 8 : 4;
            long first = position + (big ? 8 : 2);
            ByteBuffer table = read(first, (int) entries * entryBytes + linkBytes);
            directories.add(new Directory(this, fields(table, first, (int) entries)));
            int link = (int) entries * entryBytes;
            position = big ? table.getLong(link) : Integer.toUnsignedLong(table.getInt(link));
        }
        if (directories.isEmpty()) {
            throw error("holds no image");
        }
        return List.copyOf(directories);
    }

    private Map<Integer, Field> fields(ByteBuffer table, long first, int entries) {
        var fields = new HashMap<Integer, Field>();
        int entryBytes = big ? 20 : 12;
        int valueAt = big ? 12 : 8;
        int room = big ? 8 : 4;
        for (int i = 0; i < entries; i++) {
            int at = i * entryBytes;
            int tag = Short.toUnsignedInt(table.getShort(at));
            int code = Short.toUnsignedInt(table.getShort(at + 2));
            if (!FieldType.isKnown(code)) {
                continue;
            }
            FieldType type = FieldType.of(code);
            long count = big ? table.getLong(at + 4) : Integer.toUnsignedLong(table.getInt(at + 4));
            boolean inline = count >= 0 && count <= room / type.bytes();
            long position = inline
                    ? first + at + valueAt
                    : big ? table.getLong(at + valueAt) : Integer.toUnsignedLong(table.getInt(at + valueAt));
            fields.putIfAbsent(tag, new Field(tag, type, count, position));
        }
        return fields;
    }

    /// A refusal that names this file, of something that is valid but not read here.
    ///
    /// @param what the part of the sentence that says what the file is or does
    RasterException unsupported(String what) {
        return new UnsupportedFormatException(location(), what + ", which TerraChange does not read by itself");
    }

    /// An error that names this file.
    RasterException error(String problem) {
        return new RasterException(location(), problem);
    }

    @Override
    public void close() throws RasterException {
        source.close();
    }
}
