package org.terrachange.detect.pretrain;

/// Hears how a pretraining run goes on.
public interface PretrainingListener {

    /// After each step.
    ///
    /// @param step steps made
    /// @param steps steps in the whole run
    /// @param loss of the step
    void step(long step, long steps, double loss);

    /// After each epoch.
    void epoch(PretrainingPoint point);
}
