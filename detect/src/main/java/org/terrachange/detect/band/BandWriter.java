package org.terrachange.detect.band;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.terrachange.detect.product.TileSums;
import org.terrachange.detect.scene.RowConsumer;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.RasterException;

/// Writes the rows of a band of a scene, in full precision, with what the reduced pictures need of its tiles.
///
/// The file, big-endian: a mark of eight bytes; width of the scene and first row of the band; pieces, each a
/// number of rows and their float32 values; a 0; seconds of work as float64; the sums of the tiles; the CRC-32C of
/// all that as an int64. It appears under its name when it is whole.
public final class BandWriter implements RowConsumer, Closeable {
    /// `TCBAND01`.
    static final long MARK = 0x544342414e443031L;

    private final AtomicFile file;
    private final int width;
    private final CheckedOutputStream checked;
    private final DataOutputStream out;

    /// @param target where the file shall be; one that is there is replaced in the end
    /// @param width columns of the scene
    /// @param y first row of the band
    /// @throws RasterException if the file cannot be written
    public BandWriter(Path target, int width, int y) throws RasterException {
        file = AtomicFile.create(target);
        this.width = width;
        try {
            checked = new CheckedOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(file.temporary()), 1 << 16), new CRC32C());
            out = new DataOutputStream(checked);
            out.writeLong(MARK);
            out.writeInt(width);
            out.writeInt(y);
        } catch (IOException e) {
            file.close();
            throw file.failure(e);
        }
    }

    @Override
    public void rows(int y, int count, float[] probability) throws IOException {
        try {
            out.writeInt(count);
            ByteBuffer line = ByteBuffer.allocate(Float.BYTES * width);
            for (int row = 0; row < count; row++) {
                line.clear().asFloatBuffer().put(probability, row * width, width);
                out.write(line.array());
            }
        } catch (IOException e) {
            throw file.failure(e);
        }
    }

    /// Completes the file and gives it its name.
    ///
    /// @param seconds of work that the band took
    /// @param tiles sums of the band's tiles
    public void commit(double seconds, TileSums tiles) throws RasterException {
        try {
            out.writeInt(0);
            out.writeDouble(seconds);
            tiles.write(out);
            out.writeLong(checked.getChecksum().getValue());
            out.close();
        } catch (IOException e) {
            throw file.failure(e);
        }
        file.sync();
        file.commit();
    }

    /// Ends the writing; what was not committed is gone.
    @Override
    public void close() throws IOException {
        try (file;
                out) {
            // Both are closed whether or not the file was committed.
        }
    }
}
