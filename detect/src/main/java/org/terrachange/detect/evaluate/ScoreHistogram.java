package org.terrachange.detect.evaluate;

/// How often each probability was given to changed and to unchanged pixels. One pass over a dataset fills it; the
/// confusion at every threshold follows without another.
public final class ScoreHistogram {
    private static final int BINS = 1000;

    /// Thresholds nearer to each other are not told apart.
    public static final double RESOLUTION = 1.0 / BINS;

    private final long[] changed = new long[BINS + 1];
    private final long[] unchanged = new long[BINS + 1];

    /// Counts pixels.
    ///
    /// @param probability from 0 to 1
    /// @param truth as long; 0 for unchanged
    public void add(float[] probability, byte[] truth) {
        if (probability.length != truth.length) {
            throw new IllegalArgumentException(
                    probability.length + " probabilities do not fit " + truth.length + " labels");
        }
        for (int i = 0; i < truth.length; i++) {
            long[] counts = truth[i] != 0 ? changed : unchanged;
            counts[bin(probability[i])]++;
        }
    }

    /// The bin whose lower edge is the largest multiple of 1/1000 not above the probability, so that a
    /// threshold that is such a multiple is applied exactly.
    private static int bin(float probability) {
        return (int) Math.clamp(Math.floor(probability * (double) BINS + 1e-4), 0, BINS);
    }

    /// The counts where a pixel is reported if its probability is at least `threshold`, rounded to three decimals.
    public Confusion at(double threshold) {
        int from = (int) Math.clamp(Math.round(threshold * BINS), 0, BINS + 1);
        long tp = sum(changed, from, BINS + 1);
        long fp = sum(unchanged, from, BINS + 1);
        return new Confusion(tp, fp, sum(changed, 0, from), sum(unchanged, 0, from));
    }

    /// The threshold from 0.05 to 0.95, in steps of 0.01, at which F1 is highest; the one nearest to 0.5 among
    /// equals.
    public double bestThreshold() {
        double best = 0.5;
        for (int step = 0; step <= 45; step++) {
            for (int sign = -1; sign <= 1; sign += 2) {
                double threshold = (50 + sign * step) / 100.0;
                if (at(threshold).f1() > at(best).f1()) {
                    best = threshold;
                }
            }
        }
        return best;
    }

    private static long sum(long[] counts, int from, int to) {
        long sum = 0;
        for (int i = from; i < Math.min(to, counts.length); i++) {
            sum += counts[i];
        }
        return sum;
    }
}
