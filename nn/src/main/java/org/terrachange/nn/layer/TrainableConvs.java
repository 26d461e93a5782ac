package org.terrachange.nn.layer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.tensor.Initializer;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameter.Kind;
import org.terrachange.nn.tensor.Parameters;

/// Units that learn: parameters in float32, cast to the format of the activations at each pass. A unit whose
/// parameters are frozen normalises by its running statistics in every mode and leaves them as they are.
public final class TrainableConvs implements ConvFactory {
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;

    private final Parameters parameters;
    private final ProcessGroup batch;

    /// @param parameters receives those of the units, not yet allocated
    public TrainableConvs(Parameters parameters) {
        this(parameters, ProcessGroup.alone());
    }

    /// @param parameters receives those of the units, not yet allocated
    /// @param batch the processes over whose examples batches are normalised
    public TrainableConvs(Parameters parameters, ProcessGroup batch) {
        this.parameters = parameters;
        this.batch = batch;
    }

    @Override
    public ConvUnit make(ConvSpec s) {
        long area = (long) s.kernel() * s.kernel();
        Parameter weight = parameters.declare(
                s.conv() + ".weight",
                Kind.WEIGHT,
                new Initializer.HeNormal(s.norm() == null ? s.in() * area : s.out() * area),
                s.out(),
                s.in(),
                s.kernel(),
                s.kernel());
        if (s.norm() == null) {
            Parameter bias = vector(s.conv() + ".bias", Kind.UNDECAYED, 0, s.out());
            return new Biased(s, weight, bias);
        }
        return new Normalised(
                s,
                weight,
                vector(s.norm() + ".weight", Kind.UNDECAYED, 1, s.out()),
                vector(s.norm() + ".bias", Kind.UNDECAYED, 0, s.out()),
                vector(s.norm() + ".running_mean", Kind.BUFFER, 0, s.out()),
                vector(s.norm() + ".running_var", Kind.BUFFER, 1, s.out()),
                batch);
    }

    private Parameter vector(String name, Kind kind, float value, int size) {
        return parameters.declare(name, kind, new Initializer.Constant(value), size);
    }

    /// The convolution itself, in the format of `x`.
    private static Tensor convolve(Tensor x, ConvSpec s, Parameter weight, TensorOptional bias) {
        ScalarType type = x.scalar_type();
        Tensor w = weight.tensor();
        Tensor cast = type == ScalarType.Float ? w : w.to(type);
        return torch.conv2d(
                x,
                cast.contiguous(torch.MemoryFormat.ChannelsLast),
                bias,
                new long[] {s.stride(), s.stride()},
                new long[] {s.padding(), s.padding()},
                new long[] {1, 1},
                1);
    }

    private static Tensor finish(Tensor y, @Nullable Tensor residual, boolean relu) {
        if (residual != null) {
            y.add_(residual);
        }
        if (relu) {
            torch.relu_(y);
        }
        return y;
    }

    private record Biased(ConvSpec spec, Parameter weight, Parameter bias) implements ConvUnit {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor residual, Mode mode) {
            Tensor b = bias.tensor();
            Tensor y = convolve(x, spec, weight, new TensorOptional(b.to(x.scalar_type())));
            return finish(y, residual, spec.relu());
        }
    }

    private record Normalised(
            ConvSpec spec,
            Parameter weight,
            Parameter scale,
            Parameter shift,
            Parameter mean,
            Parameter variance,
            ProcessGroup batch)
            implements ConvUnit {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor residual, Mode mode) {
            Tensor convolved = convolve(x, spec, weight, new TensorOptional());
            Tensor y = batch.isAlone() || mode == Mode.INFERENCE || scale.frozen()
                    ? normalise(convolved, mode)
                    : new SynchronisedNorm(scale, shift, mean, variance, MOMENTUM, EPSILON)
                            .apply(convolved, mode == Mode.TRAINING, batch);
            return finish(y, residual, spec.relu());
        }

        private Tensor normalise(Tensor x, Mode mode) {
            boolean running = mode != Mode.REHEARSAL || scale.frozen();
            return torch.batch_norm(
                    x,
                    new TensorOptional(scale.tensor()),
                    new TensorOptional(shift.tensor()),
                    running ? new TensorOptional(mean.tensor()) : new TensorOptional(),
                    running ? new TensorOptional(variance.tensor()) : new TensorOptional(),
                    mode != Mode.INFERENCE && !scale.frozen(),
                    MOMENTUM,
                    EPSILON,
                    true);
        }
    }
}
