package org.terrachange.raster.cog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.SortedMap;
import java.util.TreeMap;

/// One image file directory of a classic TIFF or a BigTIFF in little-endian order: fields sorted by tag, values
/// that do not fit into their field right behind the directory (TIFF 6.0, section 2; BigTIFF as libtiff defines
/// it).
final class TiffDirectory {
    private enum FieldType {
        ASCII(2, 1),
        SHORT(3, 2),
        LONG(4, 4),
        DOUBLE(12, 8),
        LONG8(16, 8);

        private final int code;
        private final int bytes;

        FieldType(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }
    }

    private record Field(FieldType type, ByteBuffer value) {
        int count() {
            return bytes() / type.bytes;
        }

        int bytes() {
            return value.capacity();
        }
    }

    private final SortedMap<Integer, Field> fields = new TreeMap<>();
    private final boolean bigTiff;

    TiffDirectory(boolean bigTiff) {
        this.bigTiff = bigTiff;
    }

    void putShorts(int tag, int... values) {
        ByteBuffer bytes = buffer(2 * values.length);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        fields.put(tag, new Field(FieldType.SHORT, bytes));
    }

    void putLongs(int tag, int... values) {
        ByteBuffer bytes = buffer(4 * values.length);
        bytes.asIntBuffer().put(values);
        fields.put(tag, new Field(FieldType.LONG, bytes));
    }

    /// Places in the file: 32 bits in a classic TIFF, 64 in a BigTIFF.
    void putOffsets(int tag, long[] values) {
        FieldType type = bigTiff ? FieldType.LONG8 : FieldType.LONG;
        ByteBuffer bytes = buffer(type.bytes * values.length);
        for (long value : values) {
            if (bigTiff) {
                bytes.putLong(value);
            } else {
                bytes.putInt((int) value);
            }
        }
        fields.put(tag, new Field(type, bytes));
    }

    void putDoubles(int tag, double... values) {
        ByteBuffer bytes = buffer(8 * values.length);
        bytes.asDoubleBuffer().put(values);
        fields.put(tag, new Field(FieldType.DOUBLE, bytes));
    }

    void putText(int tag, String text, Charset charset) {
        fields.put(tag, new Field(FieldType.ASCII, ByteBuffer.wrap((text + "\0").getBytes(charset))));
    }

    /// Bytes that the directory and its values take, a multiple of eight.
    long size() {
        long size = fixedSize();
        for (Field field : fields.values()) {
            size += outside(field);
        }
        return padded(size);
    }

    /// @param start where in the file the directory shall lie, a multiple of eight
    /// @param next where the next one lies, 0 for none
    ByteBuffer encode(long start, long next) {
        ByteBuffer out = buffer(Math.toIntExact(size()));
        if (bigTiff) {
            out.putLong(fields.size());
        } else {
            out.putShort((short) fields.size());
        }
        int valueAt = fixedSize();
        for (var entry : fields.entrySet()) {
            Field field = entry.getValue();
            out.putShort(entry.getKey().shortValue());
            out.putShort((short) field.type.code);
            putWord(out, field.count());
            if (outside(field) == 0) {
                out.put(out.position(), field.value, 0, field.bytes());
                out.position(out.position() + wordBytes());
            } else {
                putWord(out, start + valueAt);
                out.put(valueAt, field.value, 0, field.bytes());
                valueAt += outside(field);
            }
        }
        putWord(out, next);
        return out.clear();
    }

    private int wordBytes() {
        return bigTiff ? 8 : 4;
    }

    private void putWord(ByteBuffer out, long value) {
        if (bigTiff) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    private int fixedSize() {
        int countAndNext = bigTiff ? 16 : 6;
        return (int) padded(countAndNext + (long) fields.size() * (4 + 2 * wordBytes()));
    }

    private int outside(Field field) {
        return field.bytes() <= wordBytes() ? 0 : (int) padded(field.bytes());
    }

    static long padded(long size) {
        return size + 7 & ~7L;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
