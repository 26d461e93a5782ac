package org.terrachange.data.synthetic;

/// Value noise on the plane: random numbers on an integer lattice, smoothly interpolated, in octaves where wanted
/// (fractal noise). A pure function of seed and position, values within [-1, 1].
final class Noise {
    private Noise() {}

    /// The random number of one lattice point, uniform in [-1, 1).
    static float lattice(int seed, int x, int y) {
        int h = x * 0x27d4eb2d ^ Integer.rotateLeft(y * 0x165667b1, 13) ^ seed;
        h = (h ^ (h >>> 15)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return ((h ^ (h >>> 16)) >> 8) * 0x1p-23f;
    }

    /// One octave with features of about one unit.
    static float value(int seed, double x, double y) {
        int column = floor(x);
        int row = floor(y);
        float u = (float) (x - column);
        float v = (float) (y - row);
        u = u * u * (3 - 2 * u);
        v = v * v * (3 - 2 * v);
        float top = lattice(seed, column, row);
        float bottom = lattice(seed, column, row + 1);
        top += u * (lattice(seed, column + 1, row) - top);
        bottom += u * (lattice(seed, column + 1, row + 1) - bottom);
        return top + v * (bottom - top);
    }

    /// Octaves whose features halve and whose weights fall by `gain` each, scaled to keep within [-1, 1].
    static float fractal(int seed, double x, double y, int octaves, float gain) {
        float sum = 0;
        float weight = 1;
        float total = 0;
        double u = x;
        double v = y;
        for (int octave = 0; octave < octaves; octave++) {
            sum += weight * value(seed + octave * 0x3c6ef372, u, v);
            total += weight;
            weight *= gain;
            // The turn keeps the lattices of the octaves from lining up, which would show as a grid.
            double turned = 1.6 * u + 1.2 * v;
            v = 1.6 * v - 1.2 * u;
            u = turned;
        }
        return sum / total;
    }

    private static int floor(double value) {
        int truncated = (int) value;
        return value < truncated ? truncated - 1 : truncated;
    }
}
