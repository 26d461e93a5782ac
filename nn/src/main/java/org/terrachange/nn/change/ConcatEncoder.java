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

/// The strategy `concat`: the vectors of both dates and their difference, side by side, through a perceptron
/// with one hidden layer. Having the difference as an input of its own keeps the direction of time.
///
/// Parameters: `change.ln.*`, `change.mlp.*`.
final class ConcatEncoder implements ChangeEncoder {
    private final LayerNorm norm;
    private final Mlp mlp;

    ConcatEncoder(int embedDim, Layers layers) {
        norm = new LayerNorm("change.ln", 3 * embedDim, layers);
        mlp = new Mlp(
                "change.mlp",
                3 * embedDim,
                2 * embedDim,
                embedDim,
                Activation.GELU,
                1 / Math.sqrt(2.0 * embedDim),
                layers);
    }

    @Override
    public Tensor forward(ImageFeatures before, ImageFeatures after) {
        return NativeScope.result(() -> {
            PooledPair pair = PooledPair.of(before, after);
            Tensor all = torch.cat(new TensorVector(pair.before(), pair.after(), pair.difference()), 1);
            return PooledPair.unit(mlp.forward(norm.forward(all)));
        });
    }

    @Override
    public ChangeStrategy strategy() {
        return ChangeStrategy.CONCAT;
    }
}
