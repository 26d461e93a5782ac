package org.terrachange.raster.cog;

import com.github.luben.zstd.Zstd;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/// Packs one tile: predictor, then compression, framed by the length before and the last four bytes after, as
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

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// The value of the Predictor field.
    int predictor() {
        if (!options.predictor() || options.compression() == Compression.NONE) {
            return NO_PREDICTOR;
        }
        return options.type().isFloating() ? FLOATING_POINT_DIFFERENCES : HORIZONTAL_DIFFERENCES;
    }

    /// Bytes of a tile before it is packed.
    int tileBytes() {
        return tileSize * tileSize * options.pixelBytes();
    }

    /// The most bytes that [#encode] needs at once for its result.
    static long bound(long tileBytes) {
        return LEADER + tileBytes + tileBytes / 2 + tileBytes / 1000 + DEFLATE_MARGIN + TRAILER;
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
        int bound = switch (options.compression()) {
            case DEFLATE -> tile.length + tile.length / 1000 + DEFLATE_MARGIN;
            case ZSTD -> (int) Zstd.compressBound(tile.length);
            case LZW -> LzwEncoder.bound(tile.length);
            case NONE -> tile.length;
        };
        byte[] out = new byte[LEADER + bound + TRAILER];
        int size = switch (options.compression()) {
            case DEFLATE -> deflate(tile, out);
            case ZSTD -> zstd(tile, out);
            case LZW -> LzwEncoder.compress(tile, out, LEADER);
            case NONE -> {
                System.arraycopy(tile, 0, out, LEADER, tile.length);
                yield tile.length;
            }
        };
        INTS.set(out, 0, size);
        System.arraycopy(out, LEADER + size - TRAILER, out, LEADER + size, TRAILER);
        int length = LEADER + size + TRAILER;
        return out.length == length ? out : Arrays.copyOf(out, length);
    }

    private int deflate(byte[] tile, byte[] out) {
        int size = LibDeflate.installed()
                .map(library -> library.compress(tile, options.level(), out, LEADER))
                .orElse(0);
        return size > 0 ? size : zlib(tile, options.level(), out, LEADER);
    }

    /// Deflate by the Java platform's own library.
    ///
    /// @param at where in `out` the result shall start
    /// @return bytes of the result
    static int zlib(byte[] plain, int level, byte[] out, int at) {
        try (Deflater deflater = new Deflater(level)) {
            deflater.setInput(plain);
            deflater.finish();
            int size = deflater.deflate(out, at, out.length - at);
            if (!deflater.finished()) {
                throw new IllegalStateException(
                        "Deflate enlarged a tile of " + plain.length + " bytes beyond its bound");
            }
            return size;
        }
    }

    private int zstd(byte[] tile, byte[] out) {
        return (int) Zstd.compressByteArray(
                out, LEADER, out.length - LEADER - TRAILER, tile, 0, tile.length, options.level());
    }

    /// Each sample less its left neighbour of the same band (TIFF 6.0, section 14).
    private void differences(byte[] tile) {
        int stride = options.pixelBytes();
        int rowBytes = tileSize * stride;
        for (int row = 0; row < tile.length; row += rowBytes) {
            int first = row + stride;
            int end = row + rowBytes;
            switch (options.type().bytes()) {
                case 1 -> {
                    for (int at = end - 1; at >= first; at--) {
                        tile[at] -= tile[at - stride];
                    }
                }
                case 2 -> {
                    for (int at = end - 2; at >= first; at -= 2) {
                        SHORTS.set(tile, at, (short)
                                ((short) SHORTS.get(tile, at) - (short) SHORTS.get(tile, at - stride)));
                    }
                }
                default -> {
                    for (int at = end - 4; at >= first; at -= 4) {
                        INTS.set(tile, at, (int) INTS.get(tile, at) - (int) INTS.get(tile, at - stride));
                    }
                }
            }
        }
    }

    /// The bytes of a row sorted by significance, highest first, each less the byte one pixel before it (Adobe
    /// Photoshop TIFF Technical Note 3).
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
