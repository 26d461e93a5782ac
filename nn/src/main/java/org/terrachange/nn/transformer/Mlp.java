package org.terrachange.nn.transformer;

import org.bytedeco.pytorch.Tensor;

/// Two affine maps with an activation between them. Parameter names `c_fc.*` and `c_proj.*`, as CLIP's.
public final class Mlp {
    private final Linear expand;
    private final Linear project;
    private final Activation activation;

    /// @param name before the parameters' names, without its dot
    /// @param outDeviation of the first weights of the second map
    public Mlp(String name, int in, int hidden, int out, Activation activation, double outDeviation, Layers layers) {
        this.activation = activation;
        expand = new Linear(name + ".c_fc", in, hidden, 1 / Math.sqrt(2.0 * in), layers);
        project = new Linear(name + ".c_proj", hidden, out, outDeviation, layers);
    }

    /// The map of the last dimension.
    ///
    /// @param x `[..., in]`
    /// @return `[..., out]` in the format of `x`; belongs to the caller's pointer scope
    public Tensor forward(Tensor x) {
        return project.forward(activation.of(expand.forward(x)));
    }
}
