package org.terrachange.raster.tiff;

import java.util.zip.Adler32;

/// The zlib format (RFC 1950; TIFF schemes 8 and 32946, which differ only in number).
record Deflate() implements BlockCodec {
    private static final int METHOD = 8;
    private static final int DICTIONARY = 0x20;

    @Override
    public String label() {
        return "DEFLATE";
    }

    @Override
    public boolean usesPredictor() {
        return true;
    }

    /// A length-258 match takes two bits at the least.
    @Override
    public int maxExpansion() {
        return 1032;
    }

    /// The closing checksum is compared where it is present and the block holds all of the stream.
    @Override
    public void decode(byte[] packed, byte[] block) throws CorruptBlockException {
        if (packed.length < 2) {
            throw CorruptBlockException.endsEarly(0, block.length);
        }
        if ((packed[0] & 15) != METHOD || ((packed[0] & 0xff) << 8 | packed[1] & 0xff) % 31 != 0) {
            throw new CorruptBlockException("is not valid zlib data (incorrect header)");
        }
        if ((packed[1] & DICTIONARY) != 0) {
            throw new CorruptBlockException("asks for a preset dictionary, which TIFF does not have");
        }
        var inflate = new Inflate(packed, 2, block);
        boolean ended = inflate.run();
        if (inflate.filled() < block.length) {
            throw CorruptBlockException.endsEarly(inflate.filled(), block.length);
        }
        int at = inflate.position();
        if (ended && packed.length - at >= 4) {
            var adler = new Adler32();
            adler.update(block);
            int stated = (packed[at] & 0xff) << 24
                    | (packed[at + 1] & 0xff) << 16
                    | (packed[at + 2] & 0xff) << 8
                    | packed[at + 3] & 0xff;
            if (stated != (int) adler.getValue()) {
                throw new CorruptBlockException("is not valid zlib data (incorrect checksum)");
            }
        }
    }
}
