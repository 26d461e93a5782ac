package org.terrachange.nn.clip;

/// Resizes 8-bit images exactly as the Python Imaging Library does with its bicubic filter: antialiased (the
/// filter widens with the step), along rows first and then along columns, rounded to 8 bits in between, with
/// weights in fixed point of 22 binary places. Towers were trained on images resized like this; plain bicubic
/// interpolation aliases and costs them accuracy.
final class BicubicResampler {
    private static final double A = -0.5;
    private static final double SUPPORT = 2;
    private static final int PRECISION = 22;

    private BicubicResampler() {}

    /// Weights of the inputs that make up each output.
    ///
    /// @param first the first input of each output
    /// @param count how many inputs it has
    /// @param weights `taps` for each output, in fixed point
    private record Filter(int[] first, int[] count, int[] weights, int taps) {
        static Filter of(int in, int out) {
            double scale = (double) in / out;
            double widened = Math.max(scale, 1);
            double support = SUPPORT * widened;
            int taps = (int) Math.ceil(support) * 2 + 1;
            int[] first = new int[out];
            int[] count = new int[out];
            int[] weights = new int[Math.multiplyExact(out, taps)];
            double[] exact = new double[taps];
            for (int x = 0; x < out; x++) {
                double centre = (x + 0.5) * scale;
                first[x] = Math.max(0, (int) (centre - support + 0.5));
                count[x] = Math.min(in, (int) (centre + support + 0.5)) - first[x];
                double sum = 0;
                for (int i = 0; i < count[x]; i++) {
                    exact[i] = bicubic((i + first[x] - centre + 0.5) / widened);
                    sum += exact[i];
                }
                for (int i = 0; i < count[x]; i++) {
                    double weight = exact[i] / sum * (1 << PRECISION);
                    weights[x * taps + i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
                }
            }
            return new Filter(first, count, weights, taps);
        }
    }

    private static double bicubic(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }

    /// Resizes and cuts out a window of the result.
    ///
    /// @param image `[3, height, width]`
    /// @param toWidth of the whole resized image
    /// @param left first column of the window in the resized image
    /// @param size width and height of the window
    /// @param out receives `[3, size, size]` from `offset` on
    static void resize(
            byte[] image,
            int from,
            int width,
            int height,
            int toWidth,
            int toHeight,
            int left,
            int top,
            int size,
            byte[] out,
            int offset) {
        Filter horizontal = Filter.of(width, toWidth);
        Filter vertical = Filter.of(height, toHeight);
        int firstRow = vertical.first[top];
        int lastRow = vertical.first[top + size - 1] + vertical.count[top + size - 1];
        byte[] narrowed = new byte[Math.multiplyExact(lastRow - firstRow, size)];
        for (int channel = 0; channel < 3; channel++) {
            int plane = from + channel * width * height;
            for (int y = firstRow; y < lastRow; y++) {
                int row = plane + y * width;
                int target = (y - firstRow) * size;
                for (int x = 0; x < size; x++) {
                    narrowed[target + x] =
                            width == toWidth ? image[row + left + x] : sum(image, row, 1, horizontal, left + x);
                }
            }
            for (int y = 0; y < size; y++) {
                int target = offset + (channel * size + y) * size;
                for (int x = 0; x < size; x++) {
                    out[target + x] = height == toHeight
                            ? narrowed[(top + y - firstRow) * size + x]
                            : sum(narrowed, x - firstRow * size, size, vertical, top + y);
                }
            }
        }
    }

    private static byte sum(byte[] samples, int start, int step, Filter filter, int output) {
        int total = 1 << (PRECISION - 1);
        int at = start + filter.first[output] * step;
        int weight = output * filter.taps;
        for (int i = filter.count[output]; i > 0; i--) {
            total += (samples[at] & 0xff) * filter.weights[weight++];
            at += step;
        }
        return (byte) Math.clamp(total >> PRECISION, 0, 255);
    }
}
