package org.terrachange.search.train;

/// Hears how a run goes.
public interface RetrievalListener {

    /// What is doubtful about the settings though they fit, or worth knowing of the data.
    void remark(String text);

    /// While what a frozen trunk says of the pairs is written down, before the first step.
    ///
    /// @param views done of all
    void recorded(long views, long of);

    /// After each step.
    void step(long step, long steps, double loss);

    /// After each measurement.
    void epoch(RetrievalPoint point);
}
