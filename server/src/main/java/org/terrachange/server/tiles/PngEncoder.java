package org.terrachange.server.tiles;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Encodes tiles as PNG (ISO/IEC 15948) in memory. Made for tiles that are drawn while somebody waits: light
/// compression, and the one filter that suits the kind of picture.
final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte GREY_ALPHA = 4;
    private static final byte COLOUR_ALPHA = 6;

    private PngEncoder() {}

    /// Encodes planes of unsigned bytes, alpha last and not premultiplied.
    ///
    /// @param planes two for grey and alpha, four for red, green, blue and alpha; each row-major
    static byte[] encode(int width, int height, byte[]... planes) {
        if (planes.length != 2 && planes.length != 4) {
            throw new IllegalArgumentException("a tile has 2 or 4 planes, got " + planes.length);
        }
        // Values that are looked up are best left as they are; those of photographs are close to their neighbours'.
        boolean photograph = planes.length == 4;
        byte[] lines = photograph ? differences(width, height, planes) : plain(width, height, planes);
        ByteArrayOutputStream png = new ByteArrayOutputStream(lines.length / 2 + 128);
        png.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) 8).put(photograph ? COLOUR_ALPHA : GREY_ALPHA);
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", deflated(lines));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static byte[] plain(int width, int height, byte[][] planes) {
        int samples = planes.length;
        byte[] lines = new byte[height * (width * samples + 1)];
        int to = 0;
        for (int row = 0; row < height; row++) {
            lines[to++] = 0;
            for (int at = row * width; at < (row + 1) * width; at++) {
                for (byte[] plane : planes) {
                    lines[to++] = plane[at];
                }
            }
        }
        return lines;
    }

    /// Each sample less that of the pixel to its left (filter type 1).
    private static byte[] differences(int width, int height, byte[][] planes) {
        int samples = planes.length;
        byte[] lines = new byte[height * (width * samples + 1)];
        int to = 0;
        for (int row = 0; row < height; row++) {
            lines[to++] = 1;
            for (int column = 0; column < width; column++) {
                int at = row * width + column;
                for (byte[] plane : planes) {
                    lines[to++] = (byte) (plane[at] - (column == 0 ? 0 : plane[at - 1]));
                }
            }
        }
        return lines;
    }

    private static byte[] deflated(byte[] lines) {
        try (Deflater deflater = new Deflater(3)) {
            deflater.setInput(lines);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(lines.length / 2);
            byte[] part = new byte[1 << 14];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(content);
        png.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        png.writeBytes(name);
        png.writeBytes(content);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}
