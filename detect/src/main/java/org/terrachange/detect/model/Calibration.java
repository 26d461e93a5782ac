package org.terrachange.detect.model;

/// How logits become probabilities that can be taken at their word: `sigmoid(logit / temperature + offset)`, fitted on
/// validation data (Platt 1999; Guo et al. 2017, "On calibration of modern neural networks"). The temperature undoes
/// overconfidence; the offset undoes that training shows far more change than there is.
///
/// @param temperature above 0; 1 leaves the confidence as it is
/// @param offset in logits; 0 leaves the balance as it is
public record Calibration(double temperature, double offset) {
    /// The network's own probabilities.
    public static final Calibration NONE = new Calibration(1, 0);

    public Calibration {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException("a calibration needs a temperature above 0 and a finite offset, got "
                    + temperature + " and " + offset);
        }
    }

    /// The calibrated probability of a logit.
    public double probability(double logit) {
        return 1 / (1 + Math.exp(-logit / temperature - offset));
    }
}
