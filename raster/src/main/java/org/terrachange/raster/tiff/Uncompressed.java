package org.terrachange.raster.tiff;

/// No compression (TIFF scheme 1).
record Uncompressed() implements BlockCodec {
    @Override
    public String label() {
        return "none";
    }

    @Override
    public boolean usesPredictor() {
        return false;
    }

    @Override
    public int maxExpansion() {
        return 1;
    }

    @Override
    public void decode(byte[] packed, byte[] block) throws CorruptBlockException {
        if (packed.length < block.length) {
            throw CorruptBlockException.endsEarly(packed.length, block.length);
        }
        System.arraycopy(packed, 0, block, 0, block.length);
    }
}
