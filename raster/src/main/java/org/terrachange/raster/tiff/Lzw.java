package org.terrachange.raster.tiff;

/// Lempel-Ziv-Welch with 9 to 12 bit codes (TIFF 6.0, section 13; scheme 5).
///
/// Reads the old variant too, which early writers made: least significant bit first, and codes that grow one entry
/// later.
record Lzw() implements BlockCodec {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST_FREE = 258;
    private static final int MAX_WIDTH = 12;
    private static final int TABLE = 1 << MAX_WIDTH;

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
        var start = new int[TABLE];
        var length = new int[TABLE];
        int width = 9;
        int next = FIRST_FREE;
        int previousStart = -1;
        int previousLength = 0;
        int to = 0;
        long bit = 0;
        long bits = packed.length * 8L;
        while (to < block.length) {
            if (bit + width > bits) {
                throw CorruptBlockException.endsEarly(to, block.length);
            }
            int code = old ? lowFirst(packed, bit, width) : highFirst(packed, bit, width);
            bit += width;
            if (code == END) {
                throw CorruptBlockException.endsEarly(to, block.length);
            }
            if (code == CLEAR) {
                width = 9;
                next = FIRST_FREE;
                previousStart = -1;
                continue;
            }
            if (previousStart >= 0 && next < TABLE) {
                // One byte longer than the previous string: that byte is the first of the string decoded now.
                start[next] = previousStart;
                length[next] = previousLength + 1;
                next++;
                if (next >= (1 << width) - growAt && width < MAX_WIDTH) {
                    width++;
                }
            }
            previousStart = to;
            if (code < CLEAR) {
                block[to++] = (byte) code;
                previousLength = 1;
            } else if (code < next) {
                previousLength = length[code];
                int from = start[code];
                int end = Math.min(to + previousLength, block.length);
                // Byte by byte, because the newest string overlaps the place it is copied to.
                while (to < end) {
                    block[to++] = block[from++];
                }
            } else {
                throw new CorruptBlockException("holds the LZW code " + code + " where the table ends at " + next);
            }
        }
    }

    private static int highFirst(byte[] packed, long bit, int width) {
        int at = (int) (bit >> 3);
        int window = byteAt(packed, at) << 16 | byteAt(packed, at + 1) << 8 | byteAt(packed, at + 2);
        return window >> (24 - (int) (bit & 7) - width) & (1 << width) - 1;
    }

    private static int lowFirst(byte[] packed, long bit, int width) {
        int at = (int) (bit >> 3);
        int window = byteAt(packed, at) | byteAt(packed, at + 1) << 8 | byteAt(packed, at + 2) << 16;
        return window >> (int) (bit & 7) & (1 << width) - 1;
    }

    private static int byteAt(byte[] packed, int at) {
        return at < packed.length ? packed[at] & 0xff : 0;
    }
}
