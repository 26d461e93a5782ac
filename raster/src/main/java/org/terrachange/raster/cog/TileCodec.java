package org.terrachange.raster.cog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/// Packs one tile: predictor, then Deflate, framed by the length before and the last four bytes after, as
/// GDAL's COG layout promises to readers.
///
/// @param tileSize columns and rows of a tile
record TileCodec(int tileSize, CogOptions options) {
    static final int LEADER = 4;
    static final int TRAILER = 4;

    /// Deflate can enlarge noise by five bytes in 16 KiB, plus its header.
    private static final int DEFLATE_MARGIN = 1024;

    static final int NO_PREDICTOR = 1;
    static final int HORIZONTAL_DIFFERENCES = 2;
    static final int FLOATING_POINT_DIFFERENCES = 3;

    /// The value of the Predictor field.
    int predictor() {
        if (!options.predictor()) {
            return NO_PREDICTOR;
        }
        return options.type().isFloating() ? FLOATING_POINT_DIFFERENCES : HORIZONTAL_DIFFERENCES;
    }

    /// @param tile `tileSize * tileSize` pixels, little-endian samples, bands of a pixel together; its content
    ///     is lost
    /// @return leader, packed tile, trailer
    byte[] encode(byte[] tile) {
        switch (predictor()) {
            case HORIZONTAL_DIFFERENCES -> differences(tile);
            case FLOATING_POINT_DIFFERENCES -> floatingPointDifferences(tile);
            default -> {
                // Samples are stored as they are.
            }
        }
        byte[] out = new byte[LEADER + tile.length + tile.length / 1000 + DEFLATE_MARGIN];
        int size;
        Deflater deflater = new Deflater(options.level());
        try {
            deflater.setInput(tile);
            deflater.finish();
            size = deflater.deflate(out, LEADER, out.length - LEADER - TRAILER);
            if (!deflater.finished()) {
                throw new IllegalStateException(
                        "Deflate enlarged a tile of " + tile.length + " bytes beyond its bound");
            }
        } finally {
            deflater.end();
        }
        ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putInt(size);
        System.arraycopy(out, LEADER + size - TRAILER, out, LEADER + size, TRAILER);
        return Arrays.copyOf(out, LEADER + size + TRAILER);
    }

    /// Each sample less its left neighbour of the same band (TIFF 6.0, section 14).
    private void differences(byte[] tile) {
        int bytes = options.type().bytes();
        int stride = options.pixelBytes();
        int rowBytes = tileSize * stride;
        ByteBuffer buffer = ByteBuffer.wrap(tile).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < tile.length; row += rowBytes) {
            for (int at = row + rowBytes - bytes; at >= row + stride; at -= bytes) {
                switch (bytes) {
                    case 1 -> tile[at] -= tile[at - stride];
                    case 2 -> buffer.putShort(at, (short) (buffer.getShort(at) - buffer.getShort(at - stride)));
                    default -> buffer.putInt(at, buffer.getInt(at) - buffer.getInt(at - stride));
                }
            }
        }
    }

    /// The bytes of a row sorted by significance, highest first, each less the byte one pixel before it (Adobe
    /// Photoshop
    /// TIFF Technical Note 3).
    private void floatingPointDifferences(byte[] tile) {
        int bytes = options.type().bytes();
        int samples = tileSize * options.bands();
        byte[] row = new byte[samples * bytes];
        for (int start = 0; start < tile.length; start += row.length) {
            System.arraycopy(tile, start, row, 0, row.length);
            for (int plane = 0; plane < bytes; plane++) {
                int from = bytes - 1 - plane;
                int to = start + plane * samples;
                for (int sample = 0; sample < samples; sample++) {
                    tile[to + sample] = row[sample * bytes + from];
                }
            }
            for (int at = start + row.length - 1; at >= start + options.bands(); at--) {
                tile[at] -= tile[at - options.bands()];
            }
        }
    }
}
