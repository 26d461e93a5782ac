package org.terrachange.detect.band;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.terrachange.detect.product.TileSums;
import org.terrachange.detect.scene.RowConsumer;
import org.terrachange.raster.RasterException;

/// Reads what [BandWriter] wrote.
public final class BandReader {
    private final Path file;
    private final int width;
    private final int height;

    /// @param width columns of the scene
    /// @param height its rows
    public BandReader(Path file, int width, int height) {
        this.file = file;
        this.width = width;
        this.height = height;
    }

    /// Hands on the rows of the band in the pieces in which they were written, then adds the sums of its tiles.
    ///
    /// @param y first row that the band must have
    /// @param rows takes them; its failures pass through
    /// @param tiles sums over the whole scene
    /// @return what the band says of itself
    /// @throws RasterException if the file is of another scene or damaged. A damaged one is deleted, so that
    ///     another run makes it again; rows may have been handed on by then, and must not be used
    public Content read(int y, RowConsumer rows, TileSums tiles) throws IOException {
        CRC32C sum = new CRC32C();
        try (DataInputStream in = new DataInputStream(
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), sum))) {
            require(in.readLong() == BandWriter.MARK && in.readInt() == width && in.readInt() == y);
            int next = y;
            for (int count = count(in, next); count > 0; count = count(in, next)) {
                rows.rows(next, count, values(in, count));
                next += count;
            }
            double seconds = in.readDouble();
            require(tiles.add(in));
            long expected = sum.getValue();
            require(in.readLong() == expected && in.read() < 0);
            return new Content(next, seconds);
        } catch (Damage | java.io.EOFException e) {
            Files.deleteIfExists(file);
            throw new RasterException(file, "is damaged and was deleted; run the same command again", e);
        }
    }

    private int count(DataInputStream in, int next) throws IOException {
        int count = in.readInt();
        require(count >= 0 && next + (long) count <= height && (long) count * width < Integer.MAX_VALUE);
        return count;
    }

    private float[] values(DataInputStream in, int count) throws IOException {
        float[] values = new float[count * width];
        byte[] line = new byte[Float.BYTES * width];
        for (int row = 0; row < count; row++) {
            in.readFully(line);
            ByteBuffer.wrap(line).asFloatBuffer().get(values, row * width, width);
        }
        return values;
    }

    private static void require(boolean right) throws Damage {
        if (!right) {
            throw new Damage();
        }
    }

    /// What a band says of itself.
    ///
    /// @param end row after its last
    /// @param seconds of work that it took
    public record Content(int end, double seconds) {}

    private static final class Damage extends IOException {
        private static final long serialVersionUID = 1;

        Damage() {
            super("its content does not fit its checksum");
        }
    }
}
