package org.terrachange.data.synthetic;

/// A stream of random numbers that is the same on every machine and every Java release: SplitMix64 (Steele,
/// Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). The generators of the
/// standard library leave some of their algorithms free to change.
final class Dice {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    private Dice(long state) {
        this.state = state;
    }

    /// A stream that depends on the seed and on every key, and on nothing else.
    static Dice of(long seed, long... keys) {
        long state = mix(seed + GOLDEN_GAMMA);
        for (long key : keys) {
            state = mix(state ^ mix(key * GOLDEN_GAMMA + 0x632be59bd9b4e019L));
        }
        return new Dice(state);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }

    long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    /// Uniform in [0, 1).
    double unit() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    double between(double low, double high) {
        return low + (high - low) * unit();
    }

    /// Uniform among 0 to `bound` - 1.
    int below(int bound) {
        return (int) (unit() * bound);
    }

    boolean chance(double probability) {
        return unit() < probability;
    }

    /// About normal with mean 0 and standard deviation 1, never beyond 3.5: the sum of four uniform numbers.
    double bell() {
        return (unit() + unit() + unit() + unit() - 2) * 1.7320508075688772;
    }

    /// An index drawn in proportion to the weights.
    int weighted(double... weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double left = unit() * sum;
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }
}
