package org.terrachange.raster.cog;

import java.util.Arrays;

/// LZW as TIFF has it (TIFF 6.0, section 13): codes of 9 to 12 bits, highest bit first, that grow one code
/// early.
final class LzwEncoder {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST_FREE = 258;
    private static final int LEAST_BITS = 9;

    /// The table is given up before its last two codes, where readers differ.
    private static final int FULL = 4094;

    private static final int SLOTS = 1 << 13;

    /// Open addressing: a string as the code of all but its last byte and that byte, above its own code in the
    /// low twelve bits. No entry is 0, for the codes of strings start at 258.
    private final int[] table = new int[SLOTS];

    private final byte[] out;
    private int at;
    /// The codes that are not written yet, in the low `bitCount` bits.
    private long bits;

    private int bitCount;
    private int width = LEAST_BITS;
    private int next = FIRST_FREE;

    private LzwEncoder(byte[] out, int at) {
        this.out = out;
        this.at = at;
    }

    /// The most bytes that so many can become: twelve bits for each, and the codes that clear and end.
    static int bound(int bytes) {
        return Math.addExact(bytes, bytes / 2 + bytes / 1024 + 16);
    }

    /// Packs bytes.
    ///
    /// @param out with room for [#bound]
    /// @param at where in `out` the result shall start
    /// @return bytes of the result
    static int compress(byte[] plain, byte[] out, int at) {
        var encoder = new LzwEncoder(out, at);
        encoder.encode(plain);
        return encoder.at - at;
    }

    private void encode(byte[] plain) {
        put(CLEAR);
        int prefix = plain[0] & 0xff;
        for (int i = 1; i < plain.length; i++) {
            int string = prefix << 8 | plain[i] & 0xff;
            int slot = (string ^ string >>> 7) * 0x9E3779B1 >>> 19;
            while (table[slot] != 0 && table[slot] >>> 12 != string) {
                slot = slot + 1 & SLOTS - 1;
            }
            if (table[slot] != 0) {
                prefix = table[slot] & 0xfff;
                continue;
            }
            put(prefix);
            table[slot] = string << 12 | next;
            prefix = plain[i] & 0xff;
            grow();
        }
        put(prefix);
        grow();
        put(END);
        if (bitCount > 0) {
            out[at++] = (byte) (bits << 8 - bitCount);
        }
    }

    /// Counts a code as taken. Readers learn it one code later, so the width grows when it is taken, not when
    /// it is first used.
    private void grow() {
        next++;
        if (next == FULL) {
            put(CLEAR);
            Arrays.fill(table, 0);
            next = FIRST_FREE;
            width = LEAST_BITS;
        } else if (next == 1 << width) {
            width++;
        }
    }

    private void put(int code) {
        bits = bits << width | code;
        bitCount += width;
        while (bitCount >= 8) {
            bitCount -= 8;
            out[at++] = (byte) (bits >>> bitCount);
        }
    }
}
