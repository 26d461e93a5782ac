package org.terrachange.nn.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// A tensor of weights as a layer uses it.
@FunctionalInterface
public interface Weight {

    /// The values in the format of the activations that they meet. A copy belongs to the caller's pointer
    /// scope; the weights themselves, where they have that format already, stay those of their network.
    Tensor as(ScalarType type);

    /// [#as(ScalarType)] in the format of `x`.
    default Tensor like(Tensor x) {
        return as(x.scalar_type());
    }
}
