package org.terrachange.nn.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.tensor.ComputeMode;

/// Units for inference alone: batch normalisation is multiplied into the convolution before it, since with fixed
/// statistics both are linear, and weights are cast and laid out once instead of at every pass.
///
/// Owns the prepared weights; a network built from these units works until [#close].
public final class FoldedConvs implements ConvFactory, AutoCloseable {
    private static final double EPSILON = 1e-5;

    private final Function<String, Tensor> weights;
    private final ComputeMode mode;
    private final List<Tensor> owned = new ArrayList<>();

    /// @param weights float32 values by published name; read while the network is put together
    public FoldedConvs(Function<String, Tensor> weights, ComputeMode mode) {
        this.weights = weights;
        this.mode = mode;
    }

    @Override
    public ConvUnit make(ConvSpec s) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor weight = weights.apply(s.conv() + ".weight");
            Tensor bias;
            if (s.norm() == null) {
                bias = weights.apply(s.conv() + ".bias");
            } else {
                Tensor scale = weights.apply(s.norm() + ".weight")
                        .div(weights.apply(s.norm() + ".running_var")
                                .add(new Scalar(EPSILON))
                                .sqrt());
                weight = weight.mul(scale.view(-1, 1, 1, 1));
                bias = weights.apply(s.norm() + ".bias")
                        .sub(weights.apply(s.norm() + ".running_mean").mul(scale));
            }
            return new Folded(
                    s,
                    keep(prepared(weight).contiguous(torch.MemoryFormat.ChannelsLast)),
                    keep(prepared(bias).contiguous()));
        }
    }

    private Tensor prepared(Tensor values) {
        return mode.device().of(values).to(mode.precision().scalarType());
    }

    private Tensor keep(Tensor tensor) {
        // A cast to the present format returns the very tensor that was given; the copy is what may be closed here.
        Tensor copy = tensor.clone();
        copy.retainReference();
        owned.add(copy);
        return copy;
    }

    @Override
    public void close() {
        owned.forEach(Tensor::close);
        owned.clear();
    }

    private record Folded(ConvSpec spec, Tensor weight, Tensor bias) implements ConvUnit {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor residual, Mode mode) {
            if (mode != Mode.INFERENCE) {
                throw new IllegalStateException(spec.conv() + " is folded for inference and cannot be trained");
            }
            Tensor y = torch.conv2d(
                    x,
                    weight,
                    new TensorOptional(bias),
                    new long[] {spec.stride(), spec.stride()},
                    new long[] {spec.padding(), spec.padding()},
                    new long[] {1, 1},
                    1);
            if (residual != null) {
                y.add_(residual);
            }
            if (spec.relu()) {
                torch.relu_(y);
            }
            return y;
        }
    }
}
