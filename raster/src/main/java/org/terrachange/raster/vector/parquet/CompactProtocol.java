package org.terrachange.raster.vector.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// One struct in Thrift's compact protocol, in which Parquet keeps its metadata. Fields must be written in
/// ascending order of their numbers.
///
/// Source: Apache Thrift, Thrift compact protocol encoding (doc/specs/thrift-compact-protocol.md).
final class CompactProtocol {
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    private static final int LONGEST_SHORT_LIST = 14;

    private final ByteArrayOutputStream out;
    private int lastField;

    private CompactProtocol(ByteArrayOutputStream out) {
        this.out = out;
    }

    /// A struct by itself.
    static byte[] encode(Consumer<CompactProtocol> fields) {
        var out = new ByteArrayOutputStream();
        struct(out, fields);
        return out.toByteArray();
    }

    private static void struct(ByteArrayOutputStream out, Consumer<CompactProtocol> fields) {
        fields.accept(new CompactProtocol(out));
        out.write(0);
    }

    void i16(int field, int value) {
        number(field, I16, value);
    }

    void i32(int field, int value) {
        number(field, I32, value);
    }

    void i64(int field, long value) {
        number(field, I64, value);
    }

    private void number(int field, int type, long value) {
        begin(field, type);
        zigzag(value);
    }

    void text(int field, String value) {
        binary(field, value.getBytes(StandardCharsets.UTF_8));
    }

    void binary(int field, byte[] value) {
        begin(field, BINARY);
        bytes(value);
    }

    void struct(int field, Consumer<CompactProtocol> fields) {
        begin(field, STRUCT);
        struct(out, fields);
    }

    <T> void structs(int field, List<T> elements, BiConsumer<CompactProtocol, T> fields) {
        list(field, STRUCT, elements.size());
        elements.forEach(element -> struct(out, nested -> fields.accept(nested, element)));
    }

    void i32s(int field, List<Integer> elements) {
        list(field, I32, elements.size());
        elements.forEach(this::zigzag);
    }

    void texts(int field, List<String> elements) {
        list(field, BINARY, elements.size());
        elements.forEach(element -> bytes(element.getBytes(StandardCharsets.UTF_8)));
    }

    private void list(int field, int type, int size) {
        begin(field, LIST);
        if (size <= LONGEST_SHORT_LIST) {
            out.write(size << 4 | type);
        } else {
            out.write(0xf0 | type);
            unsigned(size);
        }
    }

    /// The number of a field is told by its distance from the one before, which fits into four bits here.
    private void begin(int field, int type) {
        int distance = field - lastField;
        if (distance < 1 || distance > 15) {
            throw new IllegalArgumentException("field " + field + " cannot follow field " + lastField);
        }
        out.write(distance << 4 | type);
        lastField = field;
    }

    private void bytes(byte[] value) {
        unsigned(value.length);
        out.writeBytes(value);
    }

    private void zigzag(long value) {
        unsigned(value << 1 ^ value >> 63);
    }

    private void unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
