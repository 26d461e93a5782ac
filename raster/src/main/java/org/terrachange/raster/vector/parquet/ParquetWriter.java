package org.terrachange.raster.vector.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes one Parquet file (format version 2.11): plain values in data pages of version 1, packed by Zstandard,
/// with the least and greatest number of each column in each group of rows.
///
/// A group of rows ends at 100,000 rows or 32 MiB, which is what the heap holds.
///
/// ```java
/// try (var writer = new ParquetWriter(out, columns, "program 1.0")) {
///     writer.write(1L, "text");
///     writer.finish(Map.of());
/// }
/// ```
public final class ParquetWriter implements Closeable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_ROWS = 100_000;
    private static final long MOST_BYTES = 32 << 20;

    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;
    private static final int UTF8 = 0;

    private record RowGroup(List<ColumnChunk.Description> chunks, long rows) {}

    private final OutputStream out;
    private final List<ParquetColumn> columns;
    private final String program;
    private final List<RowGroup> groups = new ArrayList<>();
    private List<ColumnChunk> chunks;
    private long position;
    private int openRows;
    private long rows;

    /// Starts a file.
    ///
    /// @param out taken over: closed by [#close]
    /// @param columns in order; those of one group stand together
    /// @param program and its version, as the file shall name its maker
    public ParquetWriter(OutputStream out, List<ParquetColumn> columns, String program) throws IOException {
        this.out = out;
        this.columns = List.copyOf(columns);
        this.program = program;
        this.chunks = newChunks();
        append(MAGIC);
    }

    private List<ColumnChunk> newChunks() {
        return columns.stream().map(ColumnChunk::new).toList();
    }

    private void append(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    /// Appends a row.
    ///
    /// @param values one a column, as its type says; null where an optional column has none
    public void write(@Nullable Object... values) throws IOException {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        long held = 0;
        for (int i = 0; i < values.length; i++) {
            chunks.get(i).add(values[i]);
            held += chunks.get(i).size();
        }
        openRows++;
        if (openRows >= MOST_ROWS || held >= MOST_BYTES) {
            endGroup();
        }
    }

    private void endGroup() throws IOException {
        if (openRows == 0) {
            return;
        }
        var descriptions = new ArrayList<ColumnChunk.Description>();
        for (ColumnChunk chunk : chunks) {
            ColumnChunk.Description description = chunk.write(out, position);
            descriptions.add(description);
            position += description.packedBytes();
        }
        groups.add(new RowGroup(descriptions, openRows));
        rows += openRows;
        openRows = 0;
        chunks = newChunks();
    }

    /// Writes the last rows and the footer. Only [#close] may follow.
    ///
    /// @param metadata of the whole file, such as `geo`
    public void finish(Map<String, String> metadata) throws IOException {
        endGroup();
        byte[] footer = CompactProtocol.encode(file -> {
            file.i32(1, 2);
            file.structs(2, schema(), (element, node) -> node.encode(element));
            file.i64(3, rows);
            file.structs(4, groups, ParquetWriter::encode);
            file.structs(5, List.copyOf(metadata.entrySet()), (pair, entry) -> {
                pair.text(1, entry.getKey());
                pair.text(2, entry.getValue());
            });
            file.text(6, program);
            // Numbers are ordered as numbers, texts by their bytes.
            file.structs(7, columns, (order, _) -> order.struct(1, _ -> {}));
        });
        append(footer);
        append(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        append(MAGIC);
        out.flush();
    }

    private static void encode(CompactProtocol encoded, RowGroup group) {
        encoded.structs(1, group.chunks(), (chunk, description) -> description.encode(chunk));
        encoded.i64(
                2,
                group.chunks().stream()
                        .mapToLong(ColumnChunk.Description::plainBytes)
                        .sum());
        encoded.i64(3, group.rows());
        encoded.i64(5, group.chunks().getFirst().start());
        encoded.i64(
                6,
                group.chunks().stream()
                        .mapToLong(ColumnChunk.Description::packedBytes)
                        .sum());
    }

    /// The tree of groups and columns in depth-first order.
    private List<SchemaNode> schema() {
        var nodes = new ArrayList<SchemaNode>();
        String openGroup = "";
        int topLevel = 0;
        for (ParquetColumn column : columns) {
            String group = column.path().size() > 1 ? column.path().getFirst() : "";
            if (group.isEmpty() || !group.equals(openGroup)) {
                topLevel++;
            }
            if (!group.isEmpty() && !group.equals(openGroup)) {
                long members = columns.stream()
                        .filter(c -> c.path().size() > 1 && c.path().getFirst().equals(group))
                        .count();
                nodes.add(new SchemaNode(group, (int) members, null));
            }
            openGroup = group;
            nodes.add(new SchemaNode(column.path().getLast(), 0, column));
        }
        nodes.addFirst(new SchemaNode("schema", topLevel, null));
        return nodes;
    }

    /// The root, a group or a column.
    ///
    /// @param column absent for a group
    private record SchemaNode(
            String name, int children, @Nullable ParquetColumn column) {
        void encode(CompactProtocol element) {
            if (column == null) {
                element.i32(3, REQUIRED);
                element.text(4, name);
                element.i32(5, children);
                return;
            }
            element.i32(1, column.type().code);
            element.i32(3, column.optional() ? OPTIONAL : REQUIRED);
            element.text(4, name);
            if (column.type() == ParquetColumn.Type.TEXT) {
                element.i32(6, UTF8);
                element.struct(10, logical -> logical.struct(1, _ -> {}));
            }
        }
    }

    /// Closes the stream.
    @Override
    public void close() throws IOException {
        out.close();
    }
}
