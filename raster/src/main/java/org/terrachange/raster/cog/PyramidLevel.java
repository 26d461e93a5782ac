package org.terrachange.raster.cog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private final double[] upperRow;
    private final double[] reducedRow;
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
        this.tiles = new byte[across][codec.tileSize() * codec.tileSize() * options.pixelBytes()];
        this.tileBytes = new int[across * tilesFor(height, codec.tileSize())];
        this.upperRow = new double[next == null ? 0 : width * options.bands()];
        this.reducedRow = new double[next == null ? 0 : next.width * options.bands()];
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

    /// @param row `width` pixels, the bands of a pixel together
    void append(double[] row) throws IOException {
        store(row);
        rows++;
        if (rows % tileSize() == 0 || rows == height) {
            packTiles();
        }
        if (next == null) {
            return;
        }
        if (rows % 2 == 0) {
            reduce(upperRow, row, next);
        } else if (rows == height) {
            reduce(row, null, next);
        } else {
            System.arraycopy(row, 0, upperRow, 0, upperRow.length);
        }
    }

    private void store(double[] row) {
        int rowInTile = rows % tileSize();
        int tileSamples = tileSize() * options.bands();
        int rowBytes = tileSize() * options.pixelBytes();
        for (int i = 0; i < tiles.length; i++) {
            ByteBuffer out =
                    ByteBuffer.wrap(tiles[i], rowInTile * rowBytes, rowBytes).order(ByteOrder.LITTLE_ENDIAN);
            int from = i * tileSamples;
            putSamples(row, from, Math.min(row.length, from + tileSamples), out);
        }
    }

    private void putSamples(double[] row, int from, int to, ByteBuffer out) {
        switch (options.type()) {
            case UINT8, INT8 -> {
                for (int i = from; i < to; i++) {
                    out.put((byte) (long) row[i]);
                }
            }
            case UINT16, INT16 -> {
                for (int i = from; i < to; i++) {
                    out.putShort((short) (long) row[i]);
                }
            }
            case UINT32, INT32 -> {
                for (int i = from; i < to; i++) {
                    out.putInt((int) (long) row[i]);
                }
            }
            case UINT64, INT64 -> throw new IllegalStateException("refused by CogOptions");
            case FLOAT32 -> {
                for (int i = from; i < to; i++) {
                    out.putFloat((float) row[i]);
                }
            }
            case FLOAT64 -> {
                for (int i = from; i < to; i++) {
                    out.putDouble(row[i]);
                }
            }
        }
    }

    private void packTiles() throws IOException {
        List<byte[]> packed = Arrays.stream(tiles).parallel().map(codec::encode).toList();
        for (byte[] tile : packed) {
            ByteBuffer bytes = ByteBuffer.wrap(tile);
            while (bytes.hasRemaining()) {
                spool.write(bytes);
            }
            tileBytes[tilesDone++] = tile.length - TileCodec.LEADER - TileCodec.TRAILER;
        }
        for (byte[] tile : tiles) {
            Arrays.fill(tile, (byte) 0);
        }
    }

    private void reduce(double[] upper, double @Nullable [] lower, PyramidLevel to) throws IOException {
        int bands = options.bands();
        double[] under = new double[4];
        for (int x = 0; x < to.width; x++) {
            int columns = Math.min(2, width - 2 * x);
            for (int band = 0; band < bands; band++) {
                int count = 0;
                int left = 2 * x * bands + band;
                for (int column = 0; column < columns; column++) {
                    under[count++] = upper[left + column * bands];
                }
                if (lower != null) {
                    for (int column = 0; column < columns; column++) {
                        under[count++] = lower[left + column * bands];
                    }
                }
                double value = options.resampling().reduce(under, count, options.nodata());
                reducedRow[x * bands + band] = asStored(value);
            }
        }
        to.append(reducedRow);
    }

    /// Rounded as the file will hold it, so that each overview is what a reader would make of the one before.
    private double asStored(double value) {
        return switch (options.type()) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> Math.floor(value + 0.5);
            case FLOAT32 -> (float) value;
            case FLOAT64 -> value;
        };
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
