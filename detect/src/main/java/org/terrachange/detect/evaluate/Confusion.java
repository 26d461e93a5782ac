package org.terrachange.detect.evaluate;

/// Pixels counted by truth and prediction, pooled over a whole dataset, and the scores of the change class that
/// follow.
///
/// @param truePositives changed, and found
/// @param falsePositives unchanged, but reported
/// @param falseNegatives changed, but missed
/// @param trueNegatives unchanged, and not reported
public record Confusion(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

    /// Share of reported pixels that did change; 0 where nothing is reported.
    public double precision() {
        return ratio(truePositives, truePositives + falsePositives);
    }

    /// Share of changed pixels that are found; 0 where nothing changed.
    public double recall() {
        return ratio(truePositives, truePositives + falseNegatives);
    }

    /// Harmonic mean of precision and recall.
    public double f1() {
        return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    }

    /// Intersection over union of the changed class.
    public double iou() {
        return ratio(truePositives, truePositives + falsePositives + falseNegatives);
    }

    /// Share of all pixels that are right.
    public double accuracy() {
        return ratio(truePositives + trueNegatives, pixels());
    }

    /// Cohen's kappa: agreement beyond what the two class frequencies give by chance.
    public double kappa() {
        double n = pixels();
        if (n == 0) {
            return 0;
        }
        double reported = truePositives + falsePositives;
        double changed = truePositives + falseNegatives;
        double chance = (reported * changed + (n - reported) * (n - changed)) / (n * n);
        return chance == 1 ? 0 : (accuracy() - chance) / (1 - chance);
    }

    public long pixels() {
        return truePositives + falsePositives + falseNegatives + trueNegatives;
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : part / (double) whole;
    }
}
