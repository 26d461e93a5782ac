package org.terrachange.detect.train;

/// Layer-wise learning rates: the closer to the image, the more general what was pretrained, and the slower it
/// should change (Howard and Ruder 2018).
final class LayerRates {
    private static final String STAGE = "encoder.layer";

    private LayerRates() {}

    /// The share of the learning rate for a parameter: 1 outside the encoder, `decay` for its fourth stage,
    /// `decay^2` for the third, and so on down to the stem.
    static double share(String parameter, double decay) {
        if (!parameter.startsWith("encoder.")) {
            return 1;
        }
        int stage = parameter.startsWith(STAGE) ? parameter.charAt(STAGE.length()) - '0' : 0;
        return Math.pow(decay, 5 - stage);
    }
}
