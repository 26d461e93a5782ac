package org.terrachange.raster.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.terrachange.raster.RasterException;

/// The chunks of a PNG file (ISO/IEC 15948, chapter 5), looked at only to learn whether the file is whole: ImageIO
/// checks no checksum and can take a cut-off file for a complete one.
final class PngChunks {
    private static final int SIGNATURE_BYTES = 8;
    private static final int COLOUR_TYPE_AT = 25;
    private static final int END = 0x49454e44;

    private PngChunks() {}

    /// The colour type of the header: 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha.
    static int colourType(Path file) throws RasterException {
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(COLOUR_TYPE_AT);
            return in.read();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// Reads the file from end to end.
    ///
    /// @throws RasterException if a chunk is cut off or its checksum is wrong
    static void requireWhole(Path file) throws RasterException {
        var crc = new CRC32();
        try (var in = new DataInputStream(
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), crc))) {
            in.skipNBytes(SIGNATURE_BYTES);
            int type;
            do {
                long length = Integer.toUnsignedLong(in.readInt());
                crc.reset();
                type = in.readInt();
                in.skipNBytes(length);
                int actual = (int) crc.getValue();
                if (in.readInt() != actual) {
                    throw new RasterException(file, "is damaged: the checksum of a PNG chunk is wrong");
                }
            } while (type != END);
        } catch (RasterException e) {
            throw e;
        } catch (EOFException e) {
            throw new RasterException(file, "is truncated: its last PNG chunk is missing or cut off", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static RasterException unreadable(Path file, IOException e) {
        return e instanceof EOFException
                ? new RasterException(file, "is truncated: not even the PNG header is whole", e)
                : new RasterException(file, "cannot be read (" + e + ")", e);
    }
}
