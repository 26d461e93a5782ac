package org.terrachange.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes pickles instruction by instruction, good ones and hostile ones, named as Python's `pickletools`
/// names them.
final class PickleAssembler {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleAssembler() {
        bytes(0x80, 2);
    }

    PickleAssembler bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    PickleAssembler ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleAssembler int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    /// GLOBAL
    PickleAssembler global(String module, String name) {
        return ascii("c" + module + "\n" + name + "\n");
    }

    /// BINUNICODE
    PickleAssembler text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ascii("X").int32(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    /// BININT, or LONG1 where the number needs it
    PickleAssembler number(long value) {
        if (value == (int) value) {
            return ascii("J").int32((int) value);
        }
        bytes(0x8a, 8);
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    /// MARK, the numbers, TUPLE
    PickleAssembler numbers(long... values) {
        mark();
        Arrays.stream(values).forEach(this::number);
        return tuple();
    }

    PickleAssembler mark() {
        return ascii("(");
    }

    PickleAssembler tuple() {
        return ascii("t");
    }

    PickleAssembler emptyTuple() {
        return ascii(")");
    }

    PickleAssembler tuple1() {
        return bytes(0x85);
    }

    PickleAssembler reduce() {
        return ascii("R");
    }

    PickleAssembler emptyDict() {
        return ascii("}");
    }

    PickleAssembler setItem() {
        return ascii("s");
    }

    PickleAssembler setItems() {
        return ascii("u");
    }

    /// `collections.OrderedDict()`
    PickleAssembler orderedDict() {
        return global("collections", "OrderedDict").emptyTuple().reduce();
    }

    /// The tuple and BINPERSID by which a storage is referred to
    PickleAssembler storage(String storageClass, String key, long elements) {
        return mark().text("storage")
                .global("torch", storageClass)
                .text(key)
                .text("cpu")
                .number(elements)
                .tuple()
                .ascii("Q");
    }

    /// A whole tensor as `torch.save` describes it
    PickleAssembler tensor(String storageClass, String key, long elements, long offset, long[] sizes, long[] strides) {
        return global("torch._utils", "_rebuild_tensor_v2")
                .mark()
                .storage(storageClass, key, elements)
                .number(offset)
                .numbers(sizes)
                .numbers(strides)
                .bytes(0x89)
                .orderedDict()
                .tuple()
                .reduce();
    }

    /// STOP
    byte[] stop() {
        ascii(".");
        return out.toByteArray();
    }
}
