package org.terrachange.detect.train;

import java.util.Collection;

/// Layer-wise learning rates: the closer to the image, the more general what was pretrained, and the slower it
/// should change (Howard and Ruder 2018).
///
/// @param stages of the encoder; not every layout has the fourth of a ResNet
/// @param decay share of the rate that each stage keeps of the one above it
record LayerRates(int stages, double decay) {
    private static final String STAGE = "encoder.layer";

    /// Those of the network with these parameters.
    static LayerRates of(Collection<String> parameters, double decay) {
        return new LayerRates(
                parameters.stream().mapToInt(LayerRates::stage).max().orElse(0), decay);
    }

    /// The share of the learning rate for a parameter: 1 outside the encoder, `decay` for its last stage, `decay^2` for
    /// the one below, and so on down to the stem.
    double share(String parameter) {
        return parameter.startsWith("encoder.") ? Math.pow(decay, stages + 1 - stage(parameter)) : 1;
    }

    /// 0 for the stem.
    private static int stage(String parameter) {
        return parameter.startsWith(STAGE) ? parameter.charAt(STAGE.length()) - '0' : 0;
    }
}
