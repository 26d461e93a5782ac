package org.terrachange.nn.optim;

/// A learning rate that rises linearly to its peak and falls along half a cosine (Loshchilov and Hutter 2017).
///
/// @param peak highest rate
/// @param warmup steps of rise
/// @param total steps in all
/// @param floor lowest rate, as a share of the peak, at the last step
public record WarmupCosine(double peak, long warmup, long total, double floor) {
    public WarmupCosine {
        if (peak <= 0 || warmup < 0 || total <= warmup || floor < 0 || floor > 1) {
            throw new IllegalArgumentException(
                    "a schedule needs peak > 0, 0 <= warm-up < total steps and a floor from 0" + " to 1, got peak "
                            + peak + ", warm-up " + warmup + ", total " + total + ", floor " + floor);
        }
    }

    /// The schedule of a run whose rise is a share of its steps; of few steps, the last one is never part of it.
    ///
    /// @param total steps in all, at least 1
    /// @param peak highest rate, above 0
    /// @param share of the steps over which the rate rises, from 0 to below 1
    /// @param floor lowest rate, as a share of the peak
    public static WarmupCosine over(long total, double peak, double share, double floor) {
        requireUsable(peak, share);
        return new WarmupCosine(peak, Math.min(Math.round(share * total), total - 1), total, floor);
    }

    /// Refuses what [#over] takes for no number of steps.
    ///
    /// @throws IllegalArgumentException saying what is allowed
    public static void requireUsable(double peak, double share) {
        if (!(peak > 0 && peak < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the learning rate must be above 0, got " + peak);
        }
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "the share of the steps over which the learning rate rises is from 0 to below 1, got " + share);
        }
    }

    /// The rate of a step, counted from 0.
    public double at(long step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double progress = Math.min(1, (step - warmup) / (double) (total - warmup));
        return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
