package org.terrachange.raster.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Widens samples that the file stores in fewer bits than the number format in which they are handed out: 1 to
/// 7 bits to `uint8`, 9 to 15 to `uint16`, 24 to `uint32`, half-precision floats to `float32`. Values stay as
/// they are; a bilevel image has samples 0 and 1.
final class SampleUnpacker {
    private SampleUnpacker() {}

    /// The samples of a block in the bytes of `layout.type()`.
    ///
    /// @param stored rows of samples, each padded to a whole byte
    /// @param order byte order of `stored` and of the result
    static byte[] unpack(byte[] stored, int rows, ImageLayout layout, ByteOrder order) {
        int bits = layout.bits();
        if (bits == layout.type().bytes() * 8) {
            return stored;
        }
        int perRow = layout.blockWidth() * layout.samplesPerBlockPixel();
        int storedRow = (int) layout.rowBytes();
        ByteBuffer from = ByteBuffer.wrap(stored).order(order);
        ByteBuffer to =
                ByteBuffer.allocate((int) (rows * layout.decodedRowBytes())).order(order);
        for (int row = 0; row < rows; row++) {
            int base = row * storedRow;
            for (int i = 0; i < perRow; i++) {
                switch (layout.type()) {
                    case UINT8 -> to.put((byte) bits(stored, base, (long) i * bits, bits));
                    case UINT16 -> to.putShort((short) bits(stored, base, (long) i * bits, bits));
                    case UINT32 -> to.putInt(threeBytes(stored, base + i * 3, order));
                    case FLOAT32 -> to.putFloat(Float.float16ToFloat(from.getShort(base + i * 2)));
                    case INT8, INT16, INT32, UINT64, INT64, FLOAT64 ->
                        throw new IllegalStateException("no narrow form of " + layout.type() + " exists");
                }
            }
        }
        return to.array();
    }

    /// Samples that are no whole number of bytes run on, most significant bit first, in files of either byte
    /// order.
    private static int bits(byte[] stored, int base, long offset, int bits) {
        int value = 0;
        for (long bit = offset; bit < offset + bits; bit++) {
            value = (value << 1) | (stored[base + (int) (bit >> 3)] >> (7 - (int) (bit & 7)) & 1);
        }
        return value;
    }

    private static int threeBytes(byte[] stored, int at, ByteOrder order) {
        int first = stored[at] & 0xff;
        int middle = stored[at + 1] & 0xff;
        int last = stored[at + 2] & 0xff;
        return order == ByteOrder.BIG_ENDIAN ? first << 16 | middle << 8 | last : last << 16 | middle << 8 | first;
    }
}
