package org.terrachange.raster.tiff;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Lempel-Ziv-Welch with 9 to 12 bit codes (TIFF 6.0, section 13; scheme 5).
///
/// Reads the old variant too, which early writers made: least significant bit first, and codes that grow one entry
/// later.
record Lzw() implements BlockCodec {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST_FREE = 258;
    private static final int MAX_WIDTH = 12;
    private static final int TABLE = 1 << MAX_WIDTH;

    /// Bits of a table entry that hold the length of its string.
    private static final int LENGTH_BITS = 13;

    @Override
    public String label() {
        return "LZW";
    }

    @Override
    public boolean usesPredictor() {
        return true;
    }

    /// No string is longer than the table, no code shorter than 9 bits.
    @Override
    public int maxExpansion() {
        return TABLE * 8 / 9 + 1;
    }

    @Override
    public void decode(byte[] packed, byte[] block) throws CorruptBlockException {
        boolean old = packed.length > 1 && packed[0] == 0 && (packed[1] & 1) != 0;
        int growAt = old ? 0 : 1;
        // Every string of the table has been written before, so an entry is a place in the block and a length.
        var table = new long[TABLE];
        int width = 9;
        int grow = (1 << width) - growAt;
        int next = FIRST_FREE;
        long previous = 0;
        int from = 0;
        int to = 0;
        // The bits that were fetched and not used yet: from the top, or in the old variant from the bottom.
        long bits = 0;
        int count = 0;
        while (to < block.length) {
            if (count < width) {
                if (!old && from + 8 <= packed.length) {
                    bits |= (long) LONG.get(packed, from) >>> count;
                    from += 63 - count >> 3;
                    count |= 56;
                } else {
                    while (count <= 56 && from < packed.length) {
                        long fetched = packed[from++] & 0xffL;
                        bits |= old ? fetched << count : fetched << 56 - count;
                        count += 8;
                    }
                    if (count < width) {
                        throw CorruptBlockException.endsEarly(to, block.length);
                    }
                }
            }
            int code;
            if (old) {
                code = (int) bits & (1 << width) - 1;
                bits >>>= width;
            } else {
                code = (int) (bits >>> 64 - width);
                bits <<= width;
            }
            count -= width;
            if (code == END) {
                throw CorruptBlockException.endsEarly(to, block.length);
            }
            if (code == CLEAR) {
                width = 9;
                grow = (1 << width) - growAt;
                next = FIRST_FREE;
                previous = 0;
                continue;
            }
            if (previous != 0 && next < TABLE) {
                // One byte longer than the previous string: that byte is the first of the string decoded now.
                table[next++] = previous + 1;
                if (next >= grow && width < MAX_WIDTH) {
                    width++;
                    grow = (1 << width) - growAt;
                }
            }
            if (code < CLEAR) {
                previous = (long) to << LENGTH_BITS | 1;
                block[to++] = (byte) code;
            } else if (code < next) {
                long entry = table[code];
                int length = (int) entry & (1 << LENGTH_BITS) - 1;
                int source = (int) (entry >>> LENGTH_BITS);
                previous = (long) to << LENGTH_BITS | length;
                if (to - source >= 8 && to + length + 8 <= block.length) {
                    // Writes up to seven bytes too many, which are written again later.
                    int end = to + length;
                    do {
                        LONG.set(block, to, (long) LONG.get(block, source));
                        to += 8;
                        source += 8;
                    } while (to < end);
                    to = end;
                } else {
                    // Byte by byte, because the newest string overlaps the place it is copied to.
                    int end = Math.min(to + length, block.length);
                    while (to < end) {
                        block[to++] = block[source++];
                    }
                }
            } else {
                throw new CorruptBlockException("holds the LZW code " + code + " where the table ends at " + next);
            }
        }
    }
}
