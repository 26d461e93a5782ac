package org.terrachange.raster.vector.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values of one column in one group of rows: full pages are packed at once, the open one is plain.
final class ColumnChunk {
    private static final int PAGE_BYTES = 1 << 20;

    private static final int DATA_PAGE = 0;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int ZSTD = 6;
    private static final int ZSTD_LEVEL = 3;

    private final ParquetColumn column;
    private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
    private ByteBuffer open = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    private final PresenceRuns presence = new PresenceRuns();
    private int openRows;
    private long rows;
    private long absent;
    private long plainBytes;
    private @Nullable Object least;
    private @Nullable Object greatest;

    ColumnChunk(ParquetColumn column) {
        this.column = column;
    }

    /// @param value as [ParquetColumn.Type] says, or null where the column is optional
    void add(@Nullable Object value) {
        if (value == null && !column.optional()) {
            throw new IllegalArgumentException("a row without a value for " + column.path());
        }
        openRows++;
        presence.add(value != null);
        if (value == null) {
            absent++;
        } else {
            switch (column.type()) {
                case INTEGER -> {
                    long number = (Long) value;
                    room(Long.BYTES).putLong(number);
                    least = least == null ? value : Math.min((Long) least, number);
                    greatest = greatest == null ? value : Math.max((Long) greatest, number);
                }
                case REAL -> {
                    double number = (Double) value;
                    room(Double.BYTES).putDouble(number);
                    least = least == null ? value : Math.min((Double) least, number);
                    greatest = greatest == null ? value : Math.max((Double) greatest, number);
                }
                case BINARY -> addBytes((byte[]) value);
                case TEXT -> addBytes(((String) value).getBytes(StandardCharsets.UTF_8));
            }
        }
        if (open.position() >= PAGE_BYTES || openRows >= PAGE_BYTES) {
            endPage();
        }
    }

    private void addBytes(byte[] value) {
        room(Integer.BYTES + value.length).putInt(value.length).put(value);
    }

    private ByteBuffer room(int bytes) {
        if (open.remaining() < bytes) {
            open = ByteBuffer.allocate(Math.addExact(open.capacity() * 2, bytes))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(open.flip());
        }
        return open;
    }

    /// Bytes held.
    long size() {
        return (long) pages.size() + open.position();
    }

    private void endPage() {
        byte[] levels = column.optional() ? presence.encode() : new byte[0];
        byte[] plain = new byte[levels.length + open.position()];
        System.arraycopy(levels, 0, plain, 0, levels.length);
        open.flip().get(plain, levels.length, open.limit());
        byte[] packed = Zstd.compress(plain, ZSTD_LEVEL);
        int values = openRows;
        byte[] header = CompactProtocol.encode(page -> {
            page.i32(1, DATA_PAGE);
            page.i32(2, plain.length);
            page.i32(3, packed.length);
            page.struct(5, data -> {
                data.i32(1, values);
                data.i32(2, PLAIN);
                data.i32(3, RLE);
                data.i32(4, RLE);
            });
        });
        pages.writeBytes(header);
        pages.writeBytes(packed);
        plainBytes += header.length + plain.length;
        rows += openRows;
        openRows = 0;
        open = open.capacity() > 2 * PAGE_BYTES
                ? ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN)
                : open.clear();
        presence.clear();
    }

    /// Appends all pages to the file.
    ///
    /// @param start where in the file that is
    /// @return the metadata of the chunk
    Description write(OutputStream out, long start) throws IOException {
        if (openRows > 0) {
            endPage();
        }
        pages.writeTo(out);
        return new Description(
                column,
                start,
                rows,
                absent,
                plainBytes,
                pages.size(),
                statistic(least, -0.0),
                statistic(greatest, 0.0));
    }

    /// A bound of the values as it is stored; empty where there is none.
    ///
    /// @param zero that stands for both zeros, whose order is not defined: the negative one in a lower bound,
    ///     the positive one in an upper bound (Parquet format, Statistics). NaN has no order at all
    private static byte[] statistic(@Nullable Object bound, double zero) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return switch (bound) {
            case Long number -> bytes.putLong(number).array();
            case Double number
            when !Double.isNaN(number) ->
                bytes.putDouble(number == 0 ? zero : number).array();
            case null, default -> new byte[0];
        };
    }

    /// What the footer says of a chunk.
    record Description(
            ParquetColumn column,
            long start,
            long rows,
            long absent,
            long plainBytes,
            long packedBytes,
            byte[] least,
            byte[] greatest) {

        void encode(CompactProtocol chunk) {
            chunk.i64(2, start);
            chunk.struct(3, metadata -> {
                metadata.i32(1, column.type().code);
                metadata.i32s(2, List.of(PLAIN, RLE));
                metadata.texts(3, column.path());
                metadata.i32(4, ZSTD);
                metadata.i64(5, rows);
                metadata.i64(6, plainBytes);
                metadata.i64(7, packedBytes);
                metadata.i64(9, start);
                metadata.struct(12, statistics -> {
                    statistics.i64(3, absent);
                    if (least.length > 0 && greatest.length > 0) {
                        statistics.binary(5, greatest);
                        statistics.binary(6, least);
                    }
                });
            });
        }
    }

    /// Which rows have a value, as runs: definition levels of one bit in the hybrid encoding of run lengths.
    private static final class PresenceRuns {
        private final ByteArrayOutputStream runs = new ByteArrayOutputStream();
        private boolean present;
        private int length;

        void add(boolean next) {
            if (length > 0 && next != present) {
                endRun();
            }
            present = next;
            length++;
        }

        private void endRun() {
            int header = length << 1;
            while (header > 0x7f) {
                runs.write(header & 0x7f | 0x80);
                header >>>= 7;
            }
            runs.write(header);
            runs.write(present ? 1 : 0);
            length = 0;
        }

        /// The runs behind their length in bytes.
        byte[] encode() {
            endRun();
            return ByteBuffer.allocate(Integer.BYTES + runs.size())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(runs.size())
                    .put(runs.toByteArray())
                    .array();
        }

        void clear() {
            runs.reset();
            length = 0;
        }
    }
}
