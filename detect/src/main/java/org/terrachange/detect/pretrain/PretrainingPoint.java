package org.terrachange.detect.pretrain;

import org.terrachange.detect.train.MetricsLog;

/// What was measured at the end of an epoch.
///
/// @param step number of optimizer steps before it
/// @param samples things seen
/// @param learningRate of the last step
/// @param loss mean over the steps since the entry before
/// @param neighbours balanced accuracy of the nearest-neighbour probe, 0.5 by chance; -1 without a probe
/// @param linear balanced accuracy of the linear probe; -1 without a probe
/// @param waitedShare share of the time that the network waited for views
public record PretrainingPoint(
        long step, long samples, double learningRate, double loss, double neighbours, double linear, double waitedShare)
        implements MetricsLog.Entry {}
