package org.terrachange.nn.optim;

import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), over the flat storage of [Parameters].
public final class AdamW implements Optimizer {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final Parameters parameters;
    private final double weightDecay;
    private final Tensor mean;
    private final Tensor variance;
    private final Tensor shares;
    private long steps;

    /// @param weightDecay share of a weight that one step at learning rate 1 would remove
    public AdamW(Parameters parameters, double weightDecay) {
        this(parameters, weightDecay, _ -> 1);
    }

    /// @param weightDecay share of a weight that one step at learning rate 1 would remove
    /// @param share of the learning rate at which a parameter learns, from 0; frozen ones have none whatever it
    ///     says
    public AdamW(Parameters parameters, double weightDecay, ToDoubleFunction<Parameter> share) {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        try (var _ = new PointerScope()) {
            shares = parameters.perValue(p -> p.frozen() ? 0 : share.applyAsDouble(p));
            shares.retainReference();
        }
        mean = torch.zeros_like(parameters.values());
        variance = torch.zeros_like(parameters.values());
        mean.retainReference();
        variance.retainReference();
    }

    @Override
    public void step(double learningRate) {
        steps++;
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor g = parameters.gradients();
            mean.mul_(new Scalar(BETA1)).add_(g, new Scalar(1 - BETA1));
            variance.mul_(new Scalar(BETA2)).addcmul_(g, g, new Scalar(1 - BETA2));
            Tensor values = parameters.values();
            long decayed = parameters.decayedSize();
            Tensor weights = values.narrow(0, 0, decayed);
            weights.addcmul_(weights, shares.narrow(0, 0, decayed), new Scalar(-learningRate * weightDecay));
            double correction = Math.sqrt(1 - Math.pow(BETA2, steps));
            Tensor root = variance.sqrt().div_(new Scalar(correction)).add_(new Scalar(EPSILON));
            values.addcdiv_(mean.mul(shares), root, new Scalar(-learningRate / (1 - Math.pow(BETA1, steps))));
            g.zero_();
        }
    }

    /// First and second moments: `mean` and `variance`.
    @Override
    public Map<String, Tensor> state() {
        return Map.of("mean", mean, "variance", variance);
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public void resumeAt(long step) {
        steps = step;
    }

    @Override
    public void close() {
        mean.close();
        variance.close();
        shares.close();
    }
}
