package org.terrachange.detect.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.terrachange.detect.model.Calibration;

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
    private static final int MOST_STEPS = 40;
    private static final double LEAST_SCALE = 0.05;
    private static final int MOST_HALVINGS = 60;

    /// A fall of the mean cross-entropy that is worth another step, far above its rounding.
    private static final double LEAST_GAIN = 1e-12;

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

    /// The calibration under which the labels are likeliest, by Newton's method; none where one kind of pixel is
    /// missing, and never one under which they are less likely than under none.
    ///
    /// A step is taken only as far as the cross-entropy falls: a network that is sure where it errs has next to no
    /// curvature there, and whole steps would jump from one end of the range to the other.
    public Calibration bestCalibration() {
        long hits = sum(changed);
        if (hits == 0 || hits == pixels()) {
            return Calibration.NONE;
        }
        Calibration best = Calibration.NONE;
        for (int step = 0; step < MOST_STEPS; step++) {
            Calibration next = better(best);
            if (next.equals(best)) {
                break;
            }
            best = next;
        }
        return best;
    }

    /// One step on from a calibration; the same one where no step makes the labels likelier.
    private Calibration better(Calibration from) {
        double scale = 1 / from.temperature();
        double offset = from.offset();
        double[] newton = newtonStep(scale, offset);
        double reached = crossEntropy(from);
        double share = 1;
        for (int halving = 0; halving < MOST_HALVINGS; halving++) {
            Calibration next = new Calibration(
                    1 / Math.clamp(scale - share * newton[0], LEAST_SCALE, 1 / LEAST_SCALE),
                    Math.clamp(offset - share * newton[1], -REACH, REACH));
            if (crossEntropy(next) < reached - LEAST_GAIN) {
                return next;
            }
            share /= 2;
        }
        return from;
    }

    /// How far Newton's method would move scale and offset down.
    private double[] newtonStep(double scale, double offset) {
        double[] slope = new double[2];
        double[] curve = new double[3];
        for (int bin = 0; bin < BINS; bin++) {
            double z = logit(bin);
            double p = 1 / (1 + Math.exp(-scale * z - offset));
            double excess = all[bin] * p - changed[bin];
            double weight = all[bin] * Math.max(p * (1 - p), 1e-12);
            slope[0] += excess * z;
            slope[1] += excess;
            curve[0] += weight * z * z;
            curve[1] += weight * z;
            curve[2] += weight;
        }
        double determinant = curve[0] * curve[2] - curve[1] * curve[1];
        double scaleStep = determinant > 0 ? (curve[2] * slope[0] - curve[1] * slope[1]) / determinant : 0;
        boolean leaves = (scale <= LEAST_SCALE && scaleStep > 0) || (scale >= 1 / LEAST_SCALE && scaleStep < 0);
        if (leaves || scaleStep == 0) {
            // At the end of its range the scale stays, and the offset alone goes on.
            return new double[] {0, slope[1] / curve[2]};
        }
        return new double[] {scaleStep, (curve[0] * slope[1] - curve[1] * slope[0]) / determinant};
    }

    /// Mean cross-entropy of the labels, in nats, under a calibration.
    public double crossEntropy(Calibration calibration) {
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double z = logit(bin) / calibration.temperature() + calibration.offset();
            // log(1 + e^-z) without overflow
            double onChange = Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            sum += changed[bin] * onChange + (all[bin] - changed[bin]) * (onChange + z);
        }
        return sum / Math.max(1, pixels());
    }

    /// The mean distance of stated from observed frequency over all pixels (expected calibration error).
    public double calibrationError(Calibration calibration) {
        double sum = 0;
        for (Group group : groups(calibration)) {
            sum += group.pixels * Math.abs(group.stated - group.observed);
        }
        return sum / Math.max(1, pixels());
    }

    /// The pixels grouped by probability, lowest first, empty groups left out.
    public List<Group> groups(Calibration calibration) {
        long[] pixels = new long[GROUPS];
        long[] hits = new long[GROUPS];
        double[] stated = new double[GROUPS];
        for (int bin = 0; bin < BINS; bin++) {
            double p = calibration.probability(logit(bin));
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
        return sum(all);
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static double logit(int bin) {
        return bin / (double) STEPS - REACH;
    }
}
