package org.terrachange.bench;

import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.layer.ConvFactory;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.Mode;

/// The units of a network as anybody would write them first: convolution, batch normalisation and ReLU one call of
/// libtorch each, in whatever layout the images come.
final class PlainConvs implements ConvFactory {
    private static final double EPSILON = 1e-5;

    private final Function<String, Tensor> weights;

    /// @param weights by published name, in the number format of the pass
    PlainConvs(Function<String, Tensor> weights) {
        this.weights = weights;
    }

    @Override
    public ConvUnit make(ConvSpec spec) {
        return new Plain(spec, weights);
    }

    private record Plain(ConvSpec spec, Function<String, Tensor> weights) implements ConvUnit {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor residual, Mode mode) {
            Tensor weight = weights.apply(spec.conv() + ".weight");
            TensorOptional bias = spec.norm() == null
                    ? new TensorOptional(weights.apply(spec.conv() + ".bias"))
                    : new TensorOptional();
            Tensor y = torch.conv2d(
                    x,
                    weight,
                    bias,
                    new long[] {spec.stride(), spec.stride()},
                    new long[] {spec.padding(), spec.padding()},
                    new long[] {1, 1},
                    1);
            if (spec.norm() != null) {
                y = torch.batch_norm(
                        y,
                        new TensorOptional(weights.apply(spec.norm() + ".weight")),
                        new TensorOptional(weights.apply(spec.norm() + ".bias")),
                        new TensorOptional(weights.apply(spec.norm() + ".running_mean")),
                        new TensorOptional(weights.apply(spec.norm() + ".running_var")),
                        false,
                        0.1,
                        EPSILON,
                        true);
            }
            if (residual != null) {
                y = y.add(residual);
            }
            return spec.relu() ? torch.relu(y) : y;
        }
    }
}
