package org.terrachange.nn.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.FoldedConvs;
import org.terrachange.nn.tensor.ComputeMode;

/// Layers for inference alone: weights are moved to the device and cast once instead of at every pass, and batch
/// normalisation is folded into its convolution.
///
/// Owns the prepared weights; a network built from these layers works until [#close].
public final class PreparedLayers implements Layers, AutoCloseable {
    private final Function<String, Tensor> weights;
    private final ComputeMode mode;
    private final FoldedConvs convs;
    private final List<Tensor> owned = new ArrayList<>();

    /// @param weights float32 values by published name; read while the network is put together
    public PreparedLayers(Function<String, Tensor> weights, ComputeMode mode) {
        this.weights = weights;
        this.mode = mode;
        convs = new FoldedConvs(weights, mode);
    }

    @Override
    public ConvUnit make(ConvSpec spec) {
        return convs.make(spec);
    }

    @Override
    public Weight weight(WeightSpec spec) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor given = weights.apply(spec.name());
            // A single number costs nothing in full precision.
            ScalarType format =
                    spec.shape().isEmpty() ? ScalarType.Float : mode.precision().scalarType();
            // A cast to the present format returns the very tensor that was given; the copy is what may be closed here.
            Tensor copy = mode.device().of(given.detach()).to(format).clone();
            copy.retainReference();
            owned.add(copy);
            return new Prepared(copy);
        }
    }

    @Override
    public void close() {
        convs.close();
        owned.forEach(Tensor::close);
        owned.clear();
    }

    private record Prepared(Tensor values) implements Weight {
        @Override
        public Tensor as(ScalarType type) {
            // A cast to the present format copies nothing.
            return values.to(type);
        }
    }
}
