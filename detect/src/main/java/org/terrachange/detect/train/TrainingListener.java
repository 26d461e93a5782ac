package org.terrachange.detect.train;

import org.terrachange.detect.evaluate.Confusion;

/// Hears how a run goes.
public interface TrainingListener {

    /// After each step.
    void step(long step, long steps, double loss, double learningRate);

    /// After each validation.
    ///
    /// @param waitedShare share of the time since the one before that the network waited for crops
    void epoch(long step, Confusion validation, double threshold, double waitedShare);
}
