package org.terrachange.nn.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Layers that learn: parameters in float32, cast to the format of the activations at each pass.
public final class TrainableLayers implements Layers {
    private final Parameters parameters;
    private final TrainableConvs convs;

    /// @param parameters receives the network's, not yet allocated
    public TrainableLayers(Parameters parameters) {
        this(parameters, ProcessGroup.alone());
    }

    /// @param parameters receives the network's, not yet allocated
    /// @param batch the processes over whose examples batches are normalised
    public TrainableLayers(Parameters parameters, ProcessGroup batch) {
        this.parameters = parameters;
        convs = new TrainableConvs(parameters, batch);
    }

    @Override
    public ConvUnit make(ConvSpec spec) {
        return convs.make(spec);
    }

    @Override
    public Weight weight(WeightSpec spec) {
        long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
        return new Learned(parameters.declare(spec.name(), spec.kind(), spec.initializer(), shape));
    }

    private record Learned(Parameter parameter) implements Weight {
        @Override
        public Tensor as(ScalarType type) {
            // A cast to the present format copies nothing.
            return parameter.tensor().to(type);
        }
    }
}
