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
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Weight;

/// A bi-temporal CLIP: one image tower for both dates, a change encoder that makes one vector of them, a text tower, and
/// the learned scale of their similarities.
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

    /// The vectors of a batch of pairs.
    ///
    /// @param before `[n, 3, s, s]`, normalised as the weights expect
    /// @param after the same shape
    /// @return `[n, d]`, float32, of length 1; belongs to the caller's pointer scope
    public Tensor changes(Tensor before, Tensor after, Mode mode) {
        return NativeScope.result(() -> {
            long pairs = before.size(0);
            // One pass over both dates keeps the matrix products large.
            ImageFeatures both = images.features(torch.cat(new TensorVector(before, after), 0), mode);
            return change.forward(both.images(0, pairs), both.images(pairs, pairs));
        });
    }

    /// The vectors of a batch of texts.
    ///
    /// @return `[n, d]`, float32, of any length; belongs to the caller's pointer scope
    public Tensor texts(List<String> sentences, ComputeMode mode) {
        return NativeScope.result(() -> texts.forward(
                        ClipTokenizer.shared()
                                .batch(sentences, texts.context())
                                .toTensor(mode.device()),
                        mode.precision().scalarType())
                .to(ScalarType.Float));
    }

    /// The natural logarithm of the scale of similarities.
    public Weight logScale() {
        return logScale;
    }
}
