package org.terrachange.raster.tiff;

/// Turns full-range YCbCr (ITU-R BT.601, as JFIF uses it) into RGB: R = Y + 1.402 Cr, G = Y - 0.34414 Cb - 0.71414 Cr,
/// B = Y + 1.772 Cb, with Cb and Cr counted from 128.
///
/// Sixteen fractional bits and the rounding of libjpeg: the samples are the same to the last level.
final class YcbcrToRgb {
    private static final int HALF = 1 << 15;
    private static final int[] RED_OF_CR = new int[256];
    private static final int[] GREEN_OF_CR = new int[256];
    private static final int[] GREEN_OF_CB = new int[256];
    private static final int[] BLUE_OF_CB = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int chroma = i - 128;
            RED_OF_CR[i] = fixed(1.402) * chroma + HALF >> 16;
            BLUE_OF_CB[i] = fixed(1.772) * chroma + HALF >> 16;
            GREEN_OF_CR[i] = -fixed(0.71414) * chroma;
            GREEN_OF_CB[i] = -fixed(0.34414) * chroma + HALF;
        }
    }

    private YcbcrToRgb() {}

    private static int fixed(double factor) {
        return (int) (factor * 65536 + 0.5);
    }

    /// Converts pixels of three bytes in place.
    static void convert(byte[] pixels) {
        for (int i = 0; i + 2 < pixels.length; i += 3) {
            int y = pixels[i] & 0xff;
            int cb = pixels[i + 1] & 0xff;
            int cr = pixels[i + 2] & 0xff;
            pixels[i] = (byte) Math.clamp(y + RED_OF_CR[cr], 0, 255);
            pixels[i + 1] = (byte) Math.clamp(y + (GREEN_OF_CB[cb] + GREEN_OF_CR[cr] >> 16), 0, 255);
            pixels[i + 2] = (byte) Math.clamp(y + BLUE_OF_CB[cb], 0, 255);
        }
    }
}
