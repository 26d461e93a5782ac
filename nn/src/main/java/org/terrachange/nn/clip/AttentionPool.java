package org.terrachange.nn.clip;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Linear;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// The end of CLIP's ResNet: the mean of all cells asks, by attention, what the cells hold.
///
/// The vectors of the cells themselves are those that the attention averages, projected without it (Zhou et al.
/// 2022, "Extract free dense labels from CLIP"): the pooled vector is, head by head, a weighted mean of them.
final class AttentionPool {
    private final int width;
    private final int heads;
    private final Weight positions;
    private final Linear queries;
    private final Linear keys;
    private final Linear values;
    private final Linear out;

    AttentionPool(String name, int width, int heads, int grid, int embedDim, Layers layers) {
        this.width = width;
        this.heads = heads;
        double deviation = 1 / Math.sqrt(width);
        positions = layers.weight(
                WeightSpec.normal(name + ".positional_embedding", deviation, (long) grid * grid + 1, width));
        keys = new Linear(name + ".k_proj", width, width, deviation, layers);
        queries = new Linear(name + ".q_proj", width, width, deviation, layers);
        values = new Linear(name + ".v_proj", width, width, deviation, layers);
        out = new Linear(name + ".c_proj", width, embedDim, deviation, layers);
    }

    /// @param x `[n, width, h, w]`
    /// @return `[n, 1 + h * w, d]`: the pooled vector, then the cells row by row
    Tensor forward(Tensor x) {
        Tensor cells = x.flatten(2, 3).transpose(1, 2);
        Tensor mean = cells.mean(new long[] {1}, true, new ScalarTypeOptional());
        Tensor sequence = torch.cat(new TensorVector(mean, cells), 1).add(positions.like(x));
        Tensor value = values.forward(sequence);
        Tensor pooled = torch.scaled_dot_product_attention(
                split(queries.forward(sequence.narrow(1, 0, 1))),
                split(keys.forward(sequence)),
                split(value),
                new TensorOptional(),
                0,
                false,
                new DoubleOptional(),
                false);
        Tensor joined = pooled.transpose(1, 2).reshape(x.size(0), 1, width);
        return out.forward(torch.cat(new TensorVector(joined, value.narrow(1, 1, cells.size(1))), 1));
    }

    /// `[n, heads, length, width / heads]`.
    private Tensor split(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, width / heads).transpose(1, 2);
    }
}
