package org.terrachange.nn.change;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.clip.ImageFeatures;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.LayerNorm;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Mlp;

/// The strategy `learned`: the vectors of both dates, side by side, through a perceptron that has to find out
/// by itself what to compare.
///
/// Parameters: `change.ln.*`, `change.mlp.*`.
final class LearnedEncoder implements ChangeEncoder {
    private final LayerNorm norm;
    private final Mlp mlp;

    LearnedEncoder(int embedDim, Layers layers) {
        norm = new LayerNorm("change.ln", 2 * embedDim, layers);
        mlp = new Mlp(
                "change.mlp",
                2 * embedDim,
                4 * embedDim,
                embedDim,
                Activation.GELU,
                1 / Math.sqrt(4.0 * embedDim),
                layers);
    }

    @Override
    public Tensor forward(ImageFeatures before, ImageFeatures after) {
        return NativeScope.result(() -> {
            PooledPair pair = PooledPair.of(before, after);
            Tensor both = torch.cat(new TensorVector(pair.before(), pair.after()), 1);
            return PooledPair.unit(mlp.forward(norm.forward(both)));
        });
    }

    @Override
    public ChangeStrategy strategy() {
        return ChangeStrategy.LEARNED;
    }
}
