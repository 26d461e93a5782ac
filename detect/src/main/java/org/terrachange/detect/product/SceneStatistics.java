package org.terrachange.detect.product;

import org.terrachange.detect.scene.RowConsumer;

/// Counts of a scene, gathered while it passes.
public final class SceneStatistics implements RowConsumer {
    /// Probability above which a changed pixel counts as certain.
    public static final double HIGH_CONFIDENCE = 0.7;

    private final float threshold;
    private long valid;
    private long changed;
    private long certain;
    private double sum;
    private double changedSum;

    public SceneStatistics(double threshold) {
        this.threshold = (float) threshold;
    }

    @Override
    public void rows(int y, int count, float[] probability) {
        for (float p : probability) {
            if (Float.isNaN(p)) {
                continue;
            }
            valid++;
            sum += p;
            if (p >= threshold) {
                changed++;
                changedSum += p;
                if (p > HIGH_CONFIDENCE) {
                    certain++;
                }
            }
        }
    }

    /// Pixels present in both dates.
    public long validPixels() {
        return valid;
    }

    /// Pixels at or above the threshold.
    public long changedPixels() {
        return changed;
    }

    /// Share of the valid pixels that changed.
    public double changedShare() {
        return valid == 0 ? 0 : changed / (double) valid;
    }

    /// Mean probability over all valid pixels. Low even where much changed, since most of a scene never changes.
    public double meanProbability() {
        return valid == 0 ? 0 : sum / valid;
    }

    /// Mean probability over the changed pixels.
    public double meanChangeProbability() {
        return changed == 0 ? 0 : changedSum / changed;
    }

    /// Share of the changed pixels above [#HIGH_CONFIDENCE].
    public double highConfidenceShare() {
        return changed == 0 ? 0 : certain / (double) changed;
    }
}
