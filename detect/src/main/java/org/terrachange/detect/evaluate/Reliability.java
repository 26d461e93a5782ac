package org.terrachange.detect.evaluate;

import java.util.ArrayList;
import java.util.List;

/// How far stated probabilities can be taken at their word: how often pixels changed that were given each
/// logit.
///
/// Probabilities are collected by their logit, in steps of 1/16 from -16 to 16, so that the effect of any
/// temperature follows without another pass over the data.
public final class Reliability {
    private static final int STEPS = 16;
    private static final int REACH = 16;
    private static final int BINS = 2 * REACH * STEPS + 1;
    private static final int GROUPS = 20;

    private final long[] changed = new long[BINS];
    private final long[] all = new long[BINS];

    /// Pixels whose probability lies in one twentieth of the range.
    ///
    /// @param pixels how many there are
    /// @param stated their mean probability
    /// @param observed the share of them that changed
    public record Group(long pixels, double stated, double observed) {}

    /// Counts pixels.
    ///
    /// @param probability from 0 to 1
    /// @param truth as long; 0 for unchanged
    public void add(float[] probability, byte[] truth) {
        for (int i = 0; i < truth.length; i++) {
            double p = probability[i];
            double logit = Math.log(p / (1 - p));
            int bin = (int) Math.clamp(Math.round((logit + REACH) * STEPS), 0, BINS - 1);
            all[bin]++;
            changed[bin] += truth[i] != 0 ? 1 : 0;
        }
    }

    /// The temperature under which the labels are likeliest (Guo et al. 2017); 1 where nothing was counted.
    public double bestTemperature() {
        // The likelihood is concave in 1 / T: thirds of the range that cannot hold the best are cut off in turn.
        double low = 0.05;
        double high = 5;
        for (int i = 0; i < 80; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (crossEntropy(1 / left) <= crossEntropy(1 / right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return pixels() == 0 ? 1 : 2 / (low + high);
    }

    /// Mean cross-entropy of the labels, in nats, where logits are divided by a temperature.
    public double crossEntropy(double temperature) {
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double z = logit(bin) / temperature;
            // log(1 + e^-z) without overflow
            double onChange = Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            sum += changed[bin] * onChange + (all[bin] - changed[bin]) * (onChange + z);
        }
        return sum / Math.max(1, pixels());
    }

    /// The mean distance of stated from observed frequency over all pixels (expected calibration error).
    public double calibrationError(double temperature) {
        double sum = 0;
        for (Group group : groups(temperature)) {
            sum += group.pixels * Math.abs(group.stated - group.observed);
        }
        return sum / Math.max(1, pixels());
    }

    /// The pixels grouped by probability, lowest first, empty groups left out.
    public List<Group> groups(double temperature) {
        long[] pixels = new long[GROUPS];
        long[] hits = new long[GROUPS];
        double[] stated = new double[GROUPS];
        for (int bin = 0; bin < BINS; bin++) {
            double p = 1 / (1 + Math.exp(-logit(bin) / temperature));
            int group = (int) Math.min(GROUPS - 1, p * GROUPS);
            pixels[group] += all[bin];
            hits[group] += changed[bin];
            stated[group] += all[bin] * p;
        }
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            if (pixels[i] > 0) {
                groups.add(new Group(pixels[i], stated[i] / pixels[i], (double) hits[i] / pixels[i]));
            }
        }
        return List.copyOf(groups);
    }

    private long pixels() {
        long sum = 0;
        for (long count : all) {
            sum += count;
        }
        return sum;
    }

    private static double logit(int bin) {
        return bin / (double) STEPS - REACH;
    }
}
