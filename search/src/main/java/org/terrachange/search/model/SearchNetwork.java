package org.terrachange.search.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.change.ChangeEncoder;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.clip.ClipModel;
import org.terrachange.nn.clip.ImageFeatures;
import org.terrachange.nn.clip.ImageTower;
import org.terrachange.nn.clip.TextTransformer;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Weight;

/// A bi-temporal CLIP: one image tower for both dates, a change encoder that makes one vector of them, a text
/// tower, and the learned scale of their similarities.
public final class SearchNetwork {
    private final ImageTower images;
    private final ChangeEncoder change;
    private final TextTransformer texts;
    private final Weight logScale;

    /// @param layers trainable or prepared for inference
    public SearchNetwork(SearchArchitecture architecture, ChangeStrategy strategy, Layers layers) {
        images = architecture.imageTower(layers);
        change = strategy.build(architecture.embedDim(), layers);
        texts = architecture.textTower(layers);
        logScale = ClipModel.logScale(layers);
    }

    /// What the trunk of the image tower says of a batch of pairs.
    ///
    /// @param before `[n, 3, s, s]`, normalised as the weights expect
    /// @param after the same shape
    /// @return `[2 n, ...]`: all earlier images, then all later ones; belongs to the caller's pointer scope
    public Tensor trunk(Tensor before, Tensor after, Mode mode) {
        // One pass over both dates keeps the matrix products large.
        return NativeScope.result(() -> images.trunk(torch.cat(new TensorVector(before, after), 0), mode));
    }

    /// The vectors of a batch of pairs.
    ///
    /// @param trunk as [#trunk] returns it
    /// @return `[n, d]`, float32, of length 1; belongs to the caller's pointer scope
    public Tensor changes(Tensor trunk) {
        return NativeScope.result(() -> {
            long pairs = trunk.size(0) / 2;
            ImageFeatures both = images.head(trunk);
            return change.forward(both.images(0, pairs), both.images(pairs, pairs));
        });
    }

    /// The vectors of a batch of pairs, and those of the same pairs with their dates exchanged.
    ///
    /// @param trunk as [#trunk] returns it
    /// @return `[n, 2 d]`, float32, both halves of length 1; belongs to the caller's pointer scope
    public Tensor changesBothWays(Tensor trunk) {
        return NativeScope.result(() -> {
            long pairs = trunk.size(0) / 2;
            ImageFeatures both = images.head(trunk);
            ImageFeatures before = both.images(0, pairs);
            ImageFeatures after = both.images(pairs, pairs);
            return torch.cat(new TensorVector(change.forward(before, after), change.forward(after, before)), 1);
        });
    }

    /// The vectors of a batch of pairs.
    ///
    /// @param before `[n, 3, s, s]`, normalised as the weights expect
    /// @param after the same shape
    /// @return `[n, d]`, float32, of length 1; belongs to the caller's pointer scope
    public Tensor changes(Tensor before, Tensor after, Mode mode) {
        return NativeScope.result(() -> changes(trunk(before, after, mode)));
    }

    /// Whether a parameter belongs to the trunk of the image tower.
    public boolean isTrunk(Parameter parameter) {
        return images.isTrunk(parameter);
    }

    /// The vectors of a batch of texts.
    ///
    /// @return `[n, d]`, float32, of any length; belongs to the caller's pointer scope
    public Tensor texts(List<String> sentences, ComputeMode mode) {
        return NativeScope.result(() -> texts.forward(
                        ClipTokenizer.shared().batch(sentences, texts.context()).toTensor(mode.device()),
                        mode.precision().scalarType())
                .to(ScalarType.Float));
    }

    /// The natural logarithm of the scale of similarities.
    public Weight logScale() {
        return logScale;
    }
}
