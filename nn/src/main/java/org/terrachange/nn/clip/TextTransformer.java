package org.terrachange.nn.clip;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.LayerNorm;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Shapes;
import org.terrachange.nn.transformer.Transformer;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// CLIP's text tower (Radford et al. 2021): a causal transformer over token ids, pooled at the end token, which
/// has the highest id of all. What stands after it cannot reach it, so texts may be padded to any common
/// length.
///
/// Parameter names: `token_embedding.weight`, `positional_embedding`, `transformer.*`, `ln_final.*`,
/// `text_projection`.
public final class TextTransformer {
    private final ClipConfiguration.Text sizes;
    private final int embedDim;
    private final Weight tokens;
    private final Weight positions;
    private final Transformer transformer;
    private final LayerNorm norm;
    private final Weight projection;

    /// @param embedDim width of the joint space
    public TextTransformer(ClipConfiguration.Text sizes, int embedDim, Activation activation, Layers layers) {
        this.sizes = sizes;
        this.embedDim = embedDim;
        int width = sizes.width();
        tokens = layers.weight(WeightSpec.normal("token_embedding.weight", 0.02, sizes.vocabulary(), width));
        positions = layers.weight(WeightSpec.normal("positional_embedding", 0.01, sizes.context(), width));
        transformer = new Transformer("transformer", width, sizes.layers(), sizes.heads(), activation, true, layers);
        norm = new LayerNorm("ln_final", width, layers);
        projection = layers.weight(WeightSpec.normal("text_projection", 1 / Math.sqrt(width), width, embedDim));
    }

    /// The vectors of a batch of texts.
    ///
    /// @param ids `[n, length]`, 64-bit integers, each row a start token, the text, an end token and any
    ///     padding by ids below that of the end token; `length` up to the context
    /// @param format to compute in
    /// @return `[n, d]` in `format`, of any length; belongs to the caller's pointer scope
    /// @throws IllegalArgumentException for another shape, and for ids that the vocabulary does not have
    public Tensor forward(Tensor ids, ScalarType format) {
        if (ids.dim() != 2
                || ids.size(0) < 1
                || ids.size(1) < 1
                || ids.size(1) > sizes.context()
                || ids.scalar_type().value != ScalarType.Long.value) {
            throw new IllegalArgumentException("the text tower takes ids as 64-bit integers [n, length] with length up"
                    + " to " + sizes.context() + ", got " + Shapes.of(ids) + " of " + ids.scalar_type());
        }
        return NativeScope.result(() -> {
            long highest = ids.max().item_long();
            if (highest >= sizes.vocabulary() || ids.min().item_long() < 0) {
                throw new IllegalArgumentException("token id " + highest + " is not in a vocabulary of "
                        + sizes.vocabulary() + ": the tokenizer does not belong to this model");
            }
            Tensor x = NativeScope.result(() -> torch.embedding(tokens.as(format), ids)
                    .add(positions.as(format).narrow(0, 0, ids.size(1))));
            Tensor all = transformer.forward(x);
            Tensor end = torch.argmax(ids, new LongOptional(1), true)
                    .view(ids.size(0), 1, 1)
                    .expand(ids.size(0), 1, sizes.width());
            Tensor pooled = norm.forward(all.gather(1, end).squeeze(1));
            return pooled.matmul(projection.as(format));
        });
    }

    /// Most tokens of a text, start and end included.
    public int context() {
        return sizes.context();
    }

    /// Width of the joint space.
    public int embedDim() {
        return embedDim;
    }
}
