package org.terrachange.raster.tiff;

/// What the frame header of a JPEG stream says (ITU-T T.81, annex B), read without decoding anything.
///
/// @param process the low nibble of the start-of-frame marker: 0 and 1 sequential, 2 progressive, 3 lossless, 9 and
///     above arithmetic coding
/// @param precision bits of one sample
/// @param width columns
/// @param height rows; 0 where the stream states them only at its end
/// @param components samples per pixel
record JpegHeader(int process, int precision, int width, int height, int components) {
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int DHT = 0xc4;
    private static final int JPG = 0xc8;
    private static final int DAC = 0xcc;

    private static final int PROGRESSIVE = 2;

    /// Reads the header of a stream that may be cut off behind it.
    ///
    /// @throws CorruptBlockException if there is no frame header
    static JpegHeader of(byte[] stream) throws CorruptBlockException {
        if (stream.length < 2 || (stream[0] & 0xff) != 0xff || (stream[1] & 0xff) != SOI) {
            throw new CorruptBlockException("is no JPEG stream");
        }
        int at = 2;
        while (at + 4 <= stream.length) {
            if ((stream[at] & 0xff) != 0xff) {
                throw new CorruptBlockException("has no JPEG marker where one belongs");
            }
            int marker = stream[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == SOS || marker == EOI) {
                break;
            }
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != JPG && marker != DAC;
            if (frame && at + 10 <= stream.length) {
                return new JpegHeader(
                        marker - 0xc0,
                        stream[at + 4] & 0xff,
                        short16(stream, at + 7),
                        short16(stream, at + 5),
                        stream[at + 9] & 0xff);
            }
            at += 2 + short16(stream, at + 2);
        }
        throw new CorruptBlockException("holds a JPEG stream without a frame header");
    }

    /// How the image is coded where that is not the common way, which ImageIO decodes; empty where it is.
    String rarity() {
        if (process > PROGRESSIVE) {
            return process == 3 ? "lossless JPEG" : process >= 9 ? "arithmetic-coded JPEG" : "hierarchical JPEG";
        }
        return precision == 8 ? "" : "JPEG of " + precision + " bits";
    }

    /// Whether the image is coded in several passes, each of which costs the time of a whole image.
    boolean isProgressive() {
        return process == PROGRESSIVE;
    }

    /// How often a scan starts in a stream.
    static int scans(byte[] stream) {
        int scans = 0;
        for (int i = 0; i + 1 < stream.length; i++) {
            if (stream[i] == (byte) 0xff && stream[i + 1] == (byte) SOS) {
                scans++;
            }
        }
        return scans;
    }

    private static int short16(byte[] stream, int at) {
        return (stream[at] & 0xff) << 8 | stream[at + 1] & 0xff;
    }
}
