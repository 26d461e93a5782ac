package org.terrachange.nn.clip;

import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// A CLIP model: an image tower, a text tower and the scale of their similarities, with parameter names as
/// open_clip's.
public final class ClipModel {
    /// The natural logarithm of the scale at which training begins: a temperature of 0.07.
    public static final double INITIAL_LOG_SCALE = Math.log(1 / 0.07);

    private final ImageTower imageTower;
    private final TextTransformer textTower;
    private final Weight logScale;

    /// @param layers trainable or prepared for inference
    public ClipModel(ClipConfiguration configuration, Layers layers) {
        int embedDim = configuration.embedDim();
        imageTower = imageTower(configuration, layers);
        textTower = new TextTransformer(configuration.text(), embedDim, configuration.activation(), layers);
        logScale = logScale(layers);
    }

    /// The image tower of a configuration alone, with names `visual.*`.
    public static ImageTower imageTower(ClipConfiguration configuration, Layers layers) {
        int embedDim = configuration.embedDim();
        return switch (configuration.vision()) {
            case ClipConfiguration.PatchTransformer sizes ->
                new VisionTransformer(sizes, embedDim, configuration.activation(), "visual.", layers);
            case ClipConfiguration.ModifiedResNet sizes -> new ClipResNet(sizes, embedDim, "visual.", layers);
        };
    }

    /// The learned scale of similarities as its natural logarithm, a single number named `logit_scale`.
    public static Weight logScale(Layers layers) {
        return layers.weight(WeightSpec.constant("logit_scale", INITIAL_LOG_SCALE));
    }

    public ImageTower imageTower() {
        return imageTower;
    }

    public TextTransformer textTower() {
        return textTower;
    }

    /// The natural logarithm of the scale of similarities.
    public Weight logScale() {
        return logScale;
    }
}
