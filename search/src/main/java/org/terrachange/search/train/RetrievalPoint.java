package org.terrachange.search.train;

import org.terrachange.detect.train.MetricsLog;

/// What was measured at the end of an epoch. Scores are strict, of texts that ask for pairs among all
/// validation pairs.
///
/// @param step number of optimizer steps before it
/// @param epoch number of epochs before it
/// @param learningRate of the last step
/// @param loss mean over the steps since the entry before
/// @param temperature that similarities are divided by
/// @param r1 share of validation captions that find their pair at the first place
/// @param r5 among the first five
/// @param r10 among the first ten
/// @param mrr mean reciprocal place
/// @param waitedShare share of the time that the network waited for pairs
public record RetrievalPoint(
        long step,
        int epoch,
        double learningRate,
        double loss,
        double temperature,
        double r1,
        double r5,
        double r10,
        double mrr,
        double waitedShare)
        implements MetricsLog.Entry {}
