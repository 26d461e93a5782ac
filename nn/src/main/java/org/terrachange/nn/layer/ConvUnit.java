package org.terrachange.nn.layer;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// A convolution with what always follows it: normalisation or bias, an optional residual, an optional ReLU.
public interface ConvUnit {

    /// Applies the unit.
    ///
    /// @param x `[n, in, h, w]`, channels-last in memory, in any [org.terrachange.nn.tensor.Precision]
    /// @param residual added before the activation, of the shape of the result; may be overwritten
    /// @return `[n, out, h / stride, w / stride]` in the format of `x`; belongs to the caller's pointer scope
    Tensor forward(Tensor x, @Nullable Tensor residual, Mode mode);

    /// [#forward(Tensor, Tensor, Mode)] without a residual.
    default Tensor forward(Tensor x, Mode mode) {
        return forward(x, null, mode);
    }
}
