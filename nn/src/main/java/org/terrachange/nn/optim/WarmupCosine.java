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

    /// The rate of a step, counted from 0.
    public double at(long step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double progress = Math.min(1, (step - warmup) / (double) (total - warmup));
        return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
