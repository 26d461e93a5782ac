package org.terrachange.nn.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// An affine map of the last dimension: `x W^T + b`.
public final class Linear {
    private final Weight weight;
    private final Weight bias;

    /// @param name before `.weight` and `.bias`
    /// @param deviation of the first weights; biases start at 0
    public Linear(String name, int in, int out, double deviation, Layers layers) {
        this(name + ".weight", name + ".bias", in, out, deviation, layers);
    }

    /// @param weight its full name
    /// @param bias its full name
    Linear(String weight, String bias, int in, int out, double deviation, Layers layers) {
        this.weight = layers.weight(WeightSpec.normal(weight, deviation, out, in));
        this.bias = layers.weight(WeightSpec.constant(bias, 0, out));
    }

    /// The map of a batch.
    ///
    /// @param x `[..., in]`
    /// @return `[..., out]` in the format of `x`; belongs to the caller's pointer scope
    public Tensor forward(Tensor x) {
        return torch.linear(x, weight.like(x), new TensorOptional(bias.like(x)));
    }

    /// The map by a part of the outputs alone.
    ///
    /// @param from the first output, of `count`
    Tensor forward(Tensor x, long from, long count) {
        return torch.linear(
                x,
                weight.like(x).narrow(0, from, count),
                new TensorOptional(bias.like(x).narrow(0, from, count)));
    }
}
