package org.terrachange.data.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One message of an object header (HDF5 File Format Specification, IV.A.2).
///
/// @param type its number
/// @param body a multiple of eight bytes, as version 1 headers ask
record Message(int type, byte[] body) {
    private static final int DEFLATE = 1;

    /// IV.A.2.d, Datatype: two's complement, little-endian, 64 bits.
    static final byte[] SIGNED_64_BIT = fixedPoint(Long.BYTES, true);
    /// An unsigned byte.
    static final byte[] UNSIGNED_8_BIT = fixedPoint(1, false);

    private static byte[] fixedPoint(int bytes, boolean signed) {
        return little(12)
                .put((byte) 0x10)
                .put((byte) (signed ? 0x08 : 0))
                .putShort((short) 0)
                .putInt(bytes)
                .putShort((short) 0)
                .putShort((short) (8 * bytes))
                .array();
    }

    /// IV.A.2.d, Datatype: a text of fixed length, ended by a zero, in UTF-8.
    static byte[] text(int bytes) {
        return little(8)
                .put((byte) 0x13)
                .put((byte) 0x10)
                .putShort((short) 0)
                .putInt(bytes)
                .array();
    }

    /// IV.A.2.b, Dataspace; no axis means a scalar.
    static byte[] dataspace(long... axes) {
        ByteBuffer space = little(8 + 8 * axes.length).put((byte) 1).put((byte) axes.length);
        space.position(8);
        for (long axis : axes) {
            space.putLong(axis);
        }
        return space.array();
    }

    /// IV.A.2.m, Attribute: a scalar.
    static Message attribute(String name, byte[] datatype, byte[] value) {
        byte[] label = name.getBytes(StandardCharsets.UTF_8);
        byte[] scalar = dataspace();
        int names = padded(label.length + 1);
        int types = padded(datatype.length);
        ByteBuffer body = little(padded(8 + names + types + scalar.length + value.length))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) (label.length + 1))
                .putShort((short) datatype.length)
                .putShort((short) scalar.length);
        body.put(8, label)
                .put(8 + names, datatype)
                .put(8 + names + types, scalar)
                .put(8 + names + types + scalar.length, value);
        return new Message(0x0C, body.array());
    }

    /// IV.A.2.r, Symbol Table.
    static Message symbolTable(long tree, long heap) {
        return new Message(0x11, little(16).putLong(tree).putLong(heap).array());
    }

    static Message ofDataspace(long... axes) {
        return new Message(0x01, dataspace(axes));
    }

    static Message ofDatatype(byte[] datatype) {
        return new Message(0x03, little(padded(datatype.length)).put(datatype).array());
    }

    /// IV.A.2.f, Fill Value: zero, for chunks that were never written.
    static Message fillValue() {
        return new Message(0x05, little(8).put(new byte[] {2, 3, 2, 1}).array());
    }

    /// IV.A.2.i, Data Layout, version 3: chunks under a B-tree.
    ///
    /// @param chunk lengths of the axes of a chunk
    static Message chunkedLayout(long tree, int[] chunk) {
        ByteBuffer body = little(padded(11 + 4 * (chunk.length + 1)))
                .put((byte) 3)
                .put((byte) 2)
                .put((byte) (chunk.length + 1))
                .putLong(tree);
        for (int axis : chunk) {
            body.putInt(axis);
        }
        return new Message(0x08, body.putInt(1).array());
    }

    /// IV.A.2.l, Filter Pipeline: deflate alone.
    static Message deflate(int level) {
        ByteBuffer body = little(24).put((byte) 1).put((byte) 1);
        body.position(8);
        body.putShort((short) DEFLATE)
                .putShort((short) 0)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(level);
        return new Message(0x0B, body.array());
    }

    /// IV.A.1.a, Version 1 Data Object Header Prefix, with its messages.
    static byte[] objectHeader(List<Message> messages) {
        int bytes =
                messages.stream().mapToInt(message -> 8 + message.body.length).sum();
        ByteBuffer header = little(16 + bytes)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) messages.size())
                .putInt(1)
                .putInt(bytes)
                .putInt(0);
        for (Message message : messages) {
            header.putShort((short) message.type)
                    .putShort((short) message.body.length)
                    .putInt(0)
                    .put(message.body);
        }
        return header.array();
    }

    static int padded(int bytes) {
        return (bytes + 7) / 8 * 8;
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
