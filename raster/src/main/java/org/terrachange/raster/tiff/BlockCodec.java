package org.terrachange.raster.tiff;

import org.terrachange.raster.RasterException;

/// How the bytes of a strip or tile are compressed. One class a scheme; all are stateless and safe to share.
sealed interface BlockCodec permits Uncompressed, Lzw, Deflate, PackBits, Jpeg, Zstd {

    /// The scheme's name as GDAL writes it, `none` for no compression.
    String label();

    /// Whether the Predictor tag has a meaning for this scheme; it is ignored elsewhere, as libtiff does.
    boolean usesPredictor();

    /// How many bytes one packed byte may at most stand for. A block that would need more is known to be damaged
    /// before
    /// memory is set aside for it.
    int maxExpansion();

    /// Fills `block` from the packed bytes; bytes left over are ignored.
    ///
    /// @throws CorruptBlockException if the packed bytes are invalid or too few
    void decode(byte[] packed, byte[] block) throws CorruptBlockException;

    /// The codec of a directory's Compression tag.
    ///
    /// @throws RasterException if the scheme is not supported
    static BlockCodec of(Directory directory, ImageLayout layout) throws RasterException {
        int code = (int) directory.number(Directory.COMPRESSION, 1);
        return switch (code) {
            case 1 -> new Uncompressed();
            case 5 -> new Lzw();
            case 7 -> Jpeg.of(directory, layout);
            case 8, 32946 -> new Deflate();
            case 32773 -> new PackBits();
            case 50000 -> Zstd.of(directory.file());
            default -> throw directory.file().unsupported("is compressed with " + name(code));
        };
    }

    private static String name(int code) {
        return switch (code) {
            case 2 -> "CCITT modified Huffman";
            case 3 -> "CCITT fax group 3";
            case 4 -> "CCITT fax group 4";
            case 6 -> "old-style JPEG";
            case 34712 -> "JPEG 2000";
            case 34887 -> "LERC";
            case 34925 -> "LZMA";
            case 50001 -> "WEBP";
            case 50002, 52546 -> "JPEG XL";
            default -> "scheme " + code;
        };
    }
}
