package org.terrachange.nn.training;

import org.terrachange.nn.optim.WarmupCosine;

/// How long and how fast a network learns.
///
/// @param rates the learning rate of every step, and with it the number of steps
/// @param measureEvery steps between two measurements; the last step always ends with one
/// @param gradientLimit longest gradient that is applied unscaled; [#UNLIMITED] for any
public record Pace(WarmupCosine rates, long measureEvery, double gradientLimit) {
    /// Applies gradients of every length as they are.
    public static final double UNLIMITED = Double.POSITIVE_INFINITY;

    public Pace {
        if (measureEvery < 1 || !(gradientLimit > 0)) {
            throw new IllegalArgumentException("a run needs at least one step between two measurements and a limit of"
                    + " gradients above 0, got " + measureEvery + " and " + gradientLimit);
        }
    }

    /// Steps of the whole run.
    public long steps() {
        return rates.total();
    }

    /// Whether the run measures after this many steps.
    boolean measuresAt(long step) {
        return step % measureEvery == 0 || step == steps();
    }
}
