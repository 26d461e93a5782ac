package org.terrachange.data.views;

/// The weights that bring one axis of a crop to another length: a triangle filter, which is linear
/// interpolation where the axis grows and widens where it shrinks, as Pillow's antialiased bilinear resize
/// does.
public final class Taps {
    private final int size;
    private final int first;
    private final int count;
    private final int[] starts;
    private final float[][] weights;

    /// @param start first pixel of the crop
    /// @param length its number of pixels
    /// @param size number of pixels wanted
    public Taps(double start, double length, int size) {
        this.size = size;
        first = (int) start;
        count = (int) length;
        starts = new int[size];
        weights = new float[size][];
        double scale = length / size;
        double reach = Math.max(1, scale);
        for (int i = 0; i < size; i++) {
            double centre = (i + 0.5) * scale;
            int from = (int) Math.max(0, Math.floor(centre - reach + 0.5));
            int to = (int) Math.min(count, Math.floor(centre + reach + 0.5));
            float[] w = new float[to - from];
            float sum = 0;
            for (int j = 0; j < w.length; j++) {
                w[j] = (float) Math.max(0, 1 - Math.abs(from + j + 0.5 - centre) / reach);
                sum += w[j];
            }
            for (int j = 0; j < w.length; j++) {
                w[j] /= sum;
            }
            starts[i] = from;
            weights[i] = w;
        }
    }

    /// The first pixel of the crop.
    public int first() {
        return first;
    }

    /// The number of pixels of the crop.
    public int count() {
        return count;
    }

    /// Brings one row of an image to the size wanted.
    ///
    /// @param row where the image's row begins
    /// @param to receives values of 0 to 1 from `at` on
    public void resample(byte[] image, int row, float[] to, int at) {
        for (int i = 0; i < size; i++) {
            float[] w = weights[i];
            int from = row + first + starts[i];
            float sum = 0;
            for (int j = 0; j < w.length; j++) {
                sum += w[j] * (image[from + j] & 0xff);
            }
            to[at + i] = sum / 255;
        }
    }

    /// Brings rows of `size` values to as many rows.
    ///
    /// @param rows one row for each pixel of the crop
    /// @param to receives a square from `at` on
    public void combine(float[] rows, float[] to, int at) {
        for (int i = 0; i < size; i++) {
            float[] w = weights[i];
            int out = at + i * size;
            for (int j = 0; j < w.length; j++) {
                float weight = w[j];
                int from = (starts[i] + j) * size;
                for (int x = 0; x < size; x++) {
                    to[out + x] += weight * rows[from + x];
                }
            }
        }
    }
}
