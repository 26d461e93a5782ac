package org.terrachange.raster.register;

/// The shift between two pictures by the phase of their Fourier transforms (C. D. Kuglin and D. C. Hines,
/// 1975). Brightness and contrast do not matter. Frequencies are weighted by a Gaussian, so that the noise of
/// the highest ones does not count, and the peak is a Gaussian too: a parabola through its logarithm finds it
/// to a few hundredths of a pixel.
final class PhaseCorrelation {
    /// Standard deviation of the weights, in cycles a pixel.
    private static final double BANDWIDTH = 0.15;

    /// What lies this close to the peak belongs to it.
    private static final int PEAK_RADIUS = 6;

    private final int size;
    private final Fourier fourier;
    private final double[] taper;
    private final double[] weight;

    /// @param size side of the pictures, a power of two
    PhaseCorrelation(int size) {
        this.size = size;
        fourier = new Fourier(size);
        taper = new double[size];
        weight = new double[size];
        for (int i = 0; i < size; i++) {
            taper[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / size);
            double frequency = (double) (i <= size / 2 ? i : i - size) / size;
            weight[i] = Math.exp(-frequency * frequency / (2 * BANDWIDTH * BANDWIDTH));
        }
    }

    /// A shift.
    ///
    /// @param right how many pixels the second picture shows things further right
    /// @param down how many pixels it shows them further down
    /// @param distinctness height of the peak over the next highest elsewhere; about 1 where there is no answer
    record Peak(double right, double down, double distinctness) {}

    /// Adds the correlation of two pictures to a sum over several, in which the peaks that agree rise above the
    /// others.
    ///
    /// @param first row-major brightness, changed by the call
    /// @param second the same
    /// @param sum one value for each shift, row-major, negative shifts from the end
    void add(double[] first, double[] second, double[] sum) {
        prepare(first);
        prepare(second);
        // Both pictures are real, so one transform serves for the two of them.
        fourier.transform(first, second, false);
        double[] real = new double[size * size];
        double[] imaginary = new double[size * size];
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                int i = row * size + column;
                int opposite = (size - row) % size * size + (size - column) % size;
                double aReal = first[i] + first[opposite];
                double aImaginary = second[i] - second[opposite];
                double bReal = second[i] + second[opposite];
                double bImaginary = first[opposite] - first[i];
                double re = aReal * bReal + aImaginary * bImaginary;
                double im = aReal * bImaginary - aImaginary * bReal;
                double length = Math.hypot(re, im);
                double scale = length > 0 ? weight[row] * weight[column] / length : 0;
                real[i] = re * scale;
                imaginary[i] = im * scale;
            }
        }
        fourier.transform(real, imaginary, true);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += real[i];
        }
    }

    private void prepare(double[] picture) {
        double sum = 0;
        for (double value : picture) {
            sum += value;
        }
        double mean = sum / picture.length;
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                int i = row * size + column;
                picture[i] = (picture[i] - mean) * taper[row] * taper[column];
            }
        }
    }

    /// The highest peak of a correlation, or of a sum of several.
    Peak peak(double[] correlation) {
        int best = 0;
        for (int i = 1; i < correlation.length; i++) {
            if (correlation[i] > correlation[best]) {
                best = i;
            }
        }
        int row = best / size;
        int column = best % size;
        double next = 0;
        for (int i = 0; i < correlation.length; i++) {
            if (correlation[i] > next
                    && (distance(i / size, row) > PEAK_RADIUS || distance(i % size, column) > PEAK_RADIUS)) {
                next = correlation[i];
            }
        }
        double right = signed(column)
                + vertex(at(correlation, row, column - 1), correlation[best], at(correlation, row, column + 1));
        double down = signed(row)
                + vertex(at(correlation, row - 1, column), correlation[best], at(correlation, row + 1, column));
        return new Peak(right, down, next > 0 ? correlation[best] / next : 1);
    }

    private int distance(int a, int b) {
        int apart = Math.abs(a - b);
        return Math.min(apart, size - apart);
    }

    private double at(double[] correlation, int row, int column) {
        return correlation[Math.floorMod(row, size) * size + Math.floorMod(column, size)];
    }

    private int signed(int index) {
        return index < size / 2 ? index : index - size;
    }

    /// Where between -0.5 and 0.5 a Gaussian through three neighbouring values is highest.
    private static double vertex(double before, double middle, double after) {
        if (before <= 0 || after <= 0) {
            return 0;
        }
        double left = Math.log(before);
        double centre = Math.log(middle);
        double right = Math.log(after);
        double curvature = left - 2 * centre + right;
        return curvature < 0 ? Math.clamp(0.5 * (left - right) / curvature, -0.5, 0.5) : 0;
    }
}
