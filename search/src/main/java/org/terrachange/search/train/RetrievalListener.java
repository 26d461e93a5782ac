package org.terrachange.search.train;

/// Hears how a run goes.
public interface RetrievalListener {

    /// What is doubtful about the settings though they fit.
    void warning(String text);

    /// After each step.
    void step(long step, long steps, double loss);

    /// After each epoch.
    void epoch(RetrievalPoint point);
}
