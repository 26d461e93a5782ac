package org.terrachange.nn.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Layer normalisation of the last dimension (Ba et al. 2016) with a learned scale and shift.
public final class LayerNorm {
    private static final double EPSILON = 1e-5;

    private final int width;
    private final Weight scale;
    private final Weight shift;

    /// @param name before `.weight` and `.bias`
    /// @param width size of the last dimension
    public LayerNorm(String name, int width, Layers layers) {
        this.width = width;
        scale = layers.weight(WeightSpec.constant(name + ".weight", 1, width));
        shift = layers.weight(WeightSpec.constant(name + ".bias", 0, width));
    }

    /// The normalised values, in the shape and format of `x`; zeros become the shift. Belongs to the caller's
    /// pointer scope.
    public Tensor forward(Tensor x) {
        return torch.layer_norm(
                x,
                new long[] {width},
                new TensorOptional(scale.like(x)),
                new TensorOptional(shift.like(x)),
                EPSILON,
                true);
    }
}
