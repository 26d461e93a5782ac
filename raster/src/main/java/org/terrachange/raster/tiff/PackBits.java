package org.terrachange.raster.tiff;

import java.util.Arrays;

/// Byte-wise run lengths (TIFF 6.0, section 9; scheme 32773).
record PackBits() implements BlockCodec {
    @Override
    public String label() {
        return "PACKBITS";
    }

    @Override
    public boolean usesPredictor() {
        return false;
    }

    @Override
    public int maxExpansion() {
        return 64;
    }

    @Override
    public void decode(byte[] packed, byte[] block) throws CorruptBlockException {
        int from = 0;
        int to = 0;
        while (to < block.length) {
            if (from + 1 >= packed.length) {
                throw CorruptBlockException.endsEarly(to, block.length);
            }
            int header = packed[from++];
            if (header >= 0) {
                int length = Math.min(header + 1, block.length - to);
                if (length > packed.length - from) {
                    throw CorruptBlockException.endsEarly(to + packed.length - from, block.length);
                }
                System.arraycopy(packed, from, block, to, length);
                from += header + 1;
                to += length;
            } else if (header != Byte.MIN_VALUE) {
                int length = Math.min(1 - header, block.length - to);
                Arrays.fill(block, to, to + length, packed[from++]);
                to += length;
            }
        }
    }
}
