package org.terrachange.nn.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Layer-wise adaptive rate scaling (You, Gitman and Ginsburg 2017, "Large batch training of convolutional
/// networks"): momentum whose step is, in each weight tensor, proportional to the length of the weights. Biases
/// and the parameters of normalisation take part neither in the scaling nor in weight decay, as in SimCLR.
public final class Lars implements Optimizer {
    private static final double MOMENTUM = 0.9;
    private static final double TRUST = 0.001;

    private final Parameters parameters;
    private final double weightDecay;
    private final Tensor velocity;
    private final List<Slice> weights = new ArrayList<>();
    private long steps;

    /// Where the values of one weight lie in the flat storage.
    private record Slice(long start, long length) {}

    /// @param weightDecay added to the gradient as this share of the weight; 1e-6 in SimCLR
    public Lars(Parameters parameters, double weightDecay) {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        velocity = torch.zeros_like(parameters.values());
        velocity.retainReference();
        long start = 0;
        for (Parameter parameter : parameters.all()) {
            if (parameter.kind() == Parameter.Kind.WEIGHT) {
                weights.add(new Slice(start, parameter.size()));
                start += parameter.size();
            }
        }
    }

    @Override
    public void step(double learningRate) {
        steps++;
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor gradients = parameters.gradients();
            Tensor values = parameters.values();
            for (Slice slice : weights) {
                Tensor g = gradients.narrow(0, slice.start, slice.length);
                Tensor w = values.narrow(0, slice.start, slice.length);
                g.add_(w, new Scalar(weightDecay));
                double length = w.norm().item_double();
                double gradient = g.norm().item_double();
                if (length > 0 && gradient > 0) {
                    g.mul_(new Scalar(TRUST * length / gradient));
                }
            }
            velocity.mul_(new Scalar(MOMENTUM)).add_(gradients, new Scalar(learningRate));
            values.sub_(velocity);
            gradients.zero_();
        }
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Map<String, Tensor> state() {
        return Map.of("velocity", velocity);
    }

    @Override
    public void resumeAt(long step) {
        steps = step;
    }

    @Override
    public void close() {
        velocity.close();
    }
}
