package org.terrachange.raster.tiff;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The zlib format (TIFF schemes 8 and 32946, which differ only in number).
record Deflate() implements BlockCodec {
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

    @Override
    public void decode(byte[] packed, byte[] block) throws CorruptBlockException {
        try (var inflater = new Inflater()) {
            inflater.setInput(packed);
            int done = 0;
            while (done < block.length) {
                int got = inflater.inflate(block, done, block.length - done);
                done += got;
                if (inflater.needsDictionary()) {
                    throw new CorruptBlockException("asks for a preset dictionary, which TIFF does not have");
                }
                if (got == 0 && (inflater.finished() || inflater.needsInput())) {
                    throw CorruptBlockException.endsEarly(done, block.length);
                }
            }
        } catch (DataFormatException e) {
            throw new CorruptBlockException("is not valid zlib data (" + e.getMessage() + ")");
        }
    }
}
