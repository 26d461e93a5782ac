package org.terrachange.raster.cog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One resolution of the image while its rows arrive: holds one row of tiles, sends packed tiles to a spool
/// file, and hands every second row, reduced, to the next smaller level.
final class PyramidLevel implements Closeable {
    private final int width;
    private final int height;
    private final CogOptions options;
    private final TileCodec codec;
    private final byte[][] tiles;
    private final FileChannel spool;
    private final int[] tileBytes;
    private final @Nullable PyramidLevel next;
    private final RowReducer reducer;
    private final byte[] upperRow;
    private final byte[] reducedRow;
    private int rows;
    private int tilesDone;

    /// @param spoolFile a new file for packed tiles; it is deleted on close
    /// @param next the level of half the size, which this one feeds but does not own
    PyramidLevel(int width, int height, TileCodec codec, Path spoolFile, @Nullable PyramidLevel next)
            throws IOException {
        this.width = width;
        this.height = height;
        this.codec = codec;
        this.options = codec.options();
        this.next = next;
        int across = tilesFor(width, codec.tileSize());
        this.tiles = new byte[across][codec.tileBytes()];
        this.tileBytes = new int[across * tilesFor(height, codec.tileSize())];
        this.reducer = new RowReducer(options);
        this.upperRow = new byte[next == null ? 0 : width * options.pixelBytes()];
        this.reducedRow = new byte[next == null ? 0 : next.width * options.pixelBytes()];
        this.spool = FileChannel.open(
                spoolFile,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    static int tilesFor(int pixels, int tileSize) {
        return (pixels - 1) / tileSize + 1;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int tileSize() {
        return codec.tileSize();
    }

    /// Whether every tile has reached the spool.
    boolean isComplete() {
        return tilesDone == tileBytes.length;
    }

    /// Packed bytes of each tile, row by row of tiles, without leader and trailer.
    int[] tileBytes() {
        return tileBytes.clone();
    }

    /// Bytes of all packed tiles with their leaders and trailers.
    long spoolSize() throws IOException {
        return spool.size();
    }

    /// Where each tile starts in a file into which the spool is copied at `start`.
    long[] tileOffsets(long start) {
        long[] offsets = new long[tileBytes.length];
        long at = start;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = at + TileCodec.LEADER;
            at = offsets[i] + tileBytes[i] + TileCodec.TRAILER;
        }
        return offsets;
    }

    /// Appends all packed tiles to a file.
    void copyTo(FileChannel target) throws IOException {
        long size = spool.size();
        for (long at = 0; at < size; ) {
            at += spool.transferTo(at, size - at, target);
        }
    }

    /// @param row `width` pixels, laid out as [SampleAccess] says; it may be used again afterwards
    void append(byte[] row) throws IOException {
        store(row);
        rows++;
        if (rows % tileSize() == 0 || rows == height) {
            packTiles();
        }
        if (next == null) {
            return;
        }
        if (rows % 2 == 0) {
            reducer.reduce(upperRow, row, width, reducedRow);
            next.append(reducedRow);
        } else if (rows == height) {
            reducer.reduce(row, row, width, reducedRow);
            next.append(reducedRow);
        } else {
            System.arraycopy(row, 0, upperRow, 0, upperRow.length);
        }
    }

    private void store(byte[] row) {
        int rowBytes = tileSize() * options.pixelBytes();
        int to = rows % tileSize() * rowBytes;
        int length = width * options.pixelBytes();
        for (int tile = 0, from = 0; tile < tiles.length; tile++, from += rowBytes) {
            System.arraycopy(row, from, tiles[tile], to, Math.min(rowBytes, length - from));
        }
    }

    /// A few tiles for each processor at a time, so that few packed ones have to be held.
    private void packTiles() throws IOException {
        int together = tilesTogether();
        for (int first = 0; first < tiles.length; first += together) {
            byte[][] some = Arrays.copyOfRange(tiles, first, Math.min(tiles.length, first + together));
            List<byte[]> packed =
                    Arrays.stream(some).parallel().map(codec::encode).toList();
            for (byte[] tile : packed) {
                ByteBuffer bytes = ByteBuffer.wrap(tile);
                while (bytes.hasRemaining()) {
                    spool.write(bytes);
                }
                tileBytes[tilesDone++] = tile.length - TileCodec.LEADER - TileCodec.TRAILER;
            }
        }
        for (byte[] tile : tiles) {
            Arrays.fill(tile, (byte) 0);
        }
    }

    /// How many tiles are packed at once.
    static int tilesTogether() {
        return 8 * Runtime.getRuntime().availableProcessors();
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
