package org.terrachange.data.retrieval;

import org.terrachange.data.views.Taps;

/// An 8-bit colour image.
///
/// @param width columns
/// @param height rows
/// @param planes red, then green, then blue, each `height * width` samples; not copied
public record RgbImage(int width, int height, byte[] planes) {
    public RgbImage {
        if (width < 1 || height < 1 || planes.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    planes.length + " samples are no colour image of " + width + "x" + height + " pixels");
        }
    }

    /// From samples in the order of pixels: `[height, width, 3]`.
    public static RgbImage ofInterleaved(int width, int height, byte[] pixels) {
        int area = width * height;
        byte[] planes = new byte[3 * area];
        for (int i = 0; i < area; i++) {
            planes[i] = pixels[3 * i];
            planes[area + i] = pixels[3 * i + 1];
            planes[2 * area + i] = pixels[3 * i + 2];
        }
        return new RgbImage(width, height, planes);
    }

    /// The samples in the order of pixels: `[height, width, 3]`.
    public byte[] interleaved() {
        int area = width * height;
        byte[] pixels = new byte[3 * area];
        for (int i = 0; i < area; i++) {
            pixels[3 * i] = planes[i];
            pixels[3 * i + 1] = planes[area + i];
            pixels[3 * i + 2] = planes[2 * area + i];
        }
        return pixels;
    }

    /// The image as a square, by antialiased bilinear interpolation on each axis; a square of that size already is
    /// returned as it is.
    public RgbImage resized(int size) {
        if (width == size && height == size) {
            return this;
        }
        Taps across = new Taps(0, width, size);
        Taps down = new Taps(0, height, size);
        float[] rows = new float[height * size];
        float[] square = new float[size * size];
        byte[] out = new byte[3 * size * size];
        for (int band = 0; band < 3; band++) {
            for (int y = 0; y < height; y++) {
                across.resample(planes, (band * height + y) * width, rows, y * size);
            }
            java.util.Arrays.fill(square, 0);
            down.combine(rows, square, 0);
            for (int i = 0; i < square.length; i++) {
                out[band * square.length + i] = (byte) Math.round(square[i] * 255);
            }
        }
        return new RgbImage(size, size, out);
    }
}
