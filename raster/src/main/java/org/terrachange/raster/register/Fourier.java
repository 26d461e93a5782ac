package org.terrachange.raster.register;

/// The discrete Fourier transform of square images whose side is a power of two, in place (J. W. Cooley and
/// J. W. Tukey, 1965). Not normalised: a transform forth and back multiplies by the number of pixels.
final class Fourier {
    private final int size;
    private final double[] cosine;
    private final double[] sine;
    private final int[] reversed;
    private final double[] columnReal;
    private final double[] columnImaginary;

    /// @param size side of the images, a power of two from 2
    Fourier(int size) {
        if (size < 2 || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("the side must be a power of two, got " + size);
        }
        this.size = size;
        cosine = new double[size / 2];
        sine = new double[size / 2];
        for (int i = 0; i < size / 2; i++) {
            cosine[i] = Math.cos(2 * Math.PI * i / size);
            sine[i] = Math.sin(2 * Math.PI * i / size);
        }
        reversed = new int[size];
        int bits = Integer.numberOfTrailingZeros(size);
        for (int i = 0; i < size; i++) {
            reversed[i] = Integer.reverse(i) >>> (Integer.SIZE - bits);
        }
        columnReal = new double[size];
        columnImaginary = new double[size];
    }

    /// Transforms an image.
    ///
    /// @param real row-major real parts, `size * size`
    /// @param imaginary the imaginary parts
    /// @param inverse whether to transform back
    void transform(double[] real, double[] imaginary, boolean inverse) {
        for (int row = 0; row < size; row++) {
            line(real, imaginary, row * size, inverse);
        }
        for (int column = 0; column < size; column++) {
            for (int row = 0; row < size; row++) {
                columnReal[row] = real[row * size + column];
                columnImaginary[row] = imaginary[row * size + column];
            }
            line(columnReal, columnImaginary, 0, inverse);
            for (int row = 0; row < size; row++) {
                real[row * size + column] = columnReal[row];
                imaginary[row * size + column] = columnImaginary[row];
            }
        }
    }

    private void line(double[] real, double[] imaginary, int from, boolean inverse) {
        for (int i = 0; i < size; i++) {
            int j = reversed[i];
            if (j > i) {
                swap(real, from + i, from + j);
                swap(imaginary, from + i, from + j);
            }
        }
        double sign = inverse ? 1 : -1;
        for (int half = 1; half < size; half *= 2) {
            int step = size / (2 * half);
            for (int start = from; start < from + size; start += 2 * half) {
                for (int k = 0; k < half; k++) {
                    double c = cosine[k * step];
                    double s = sign * sine[k * step];
                    int upper = start + k;
                    int lower = upper + half;
                    double re = real[lower] * c - imaginary[lower] * s;
                    double im = real[lower] * s + imaginary[lower] * c;
                    real[lower] = real[upper] - re;
                    imaginary[lower] = imaginary[upper] - im;
                    real[upper] += re;
                    imaginary[upper] += im;
                }
            }
        }
    }

    private static void swap(double[] values, int i, int j) {
        double kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}
