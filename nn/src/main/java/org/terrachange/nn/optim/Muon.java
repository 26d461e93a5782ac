package org.terrachange.nn.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.tensor.Precision;

/// Momentum whose step is orthogonalised, weight by weight (Jordan et al. 2024, "Muon: an optimizer for hidden layers
/// in neural networks"): a weight moves along all its directions alike, where the gradient itself would move it along
/// the few that dominate. Convolutions count as matrices of one row an output channel.
///
/// A step is scaled to the mean square that one of AdamW has (Liu et al. 2025, "Muon is scalable for LLM training"), so
/// that learning rates and weight decays of the two mean the same. Weights of few rows, biases and the parameters of
/// normalisation are left to [AdamW].
public final class Muon implements Optimizer {
    private static final double MOMENTUM = 0.95;

    /// The root mean square of AdamW's steps at learning rate 1, as Liu et al. found it.
    private static final double ADAM_STEP = 0.2;

    /// Coefficients of the quintic that pushes singular values towards 1, and how often it is applied; the authors'
    /// own. Values end between about 0.7 and 1.2, which serves as well as 1 and takes fewer rounds.
    private static final double[] QUINTIC = {3.4445, -4.7750, 2.0315};

    private static final int ROUNDS = 5;

    /// Keeps a step of nothing from becoming one of nothing divided by nothing.
    private static final double SMALLEST = 1e-7;

    /// The head of a network has a row or four; there is nothing to make orthogonal.
    private static final long FEWEST_ROWS = 16;

    private final Parameters parameters;
    private final double weightDecay;
    private final ScalarType format;
    private final AdamW others;
    private final Tensor momentum;
    private final List<Matrix> matrices = new ArrayList<>();

    /// Where the values of one weight lie in the flat storage.
    private record Matrix(long start, long rows, long columns, double share) {
        Tensor of(Tensor flat) {
            return flat.narrow(0, start, rows * columns).view(rows, columns);
        }
    }

    /// @param weightDecay share of a weight that one step at learning rate 1 would remove
    /// @param share of the learning rate at which a parameter learns, from 0; frozen ones have none whatever it
    ///     says
    /// @param precision of the orthogonalisation; bf16 serves as well, the authors say, and is faster
    public Muon(Parameters parameters, double weightDecay, ToDoubleFunction<Parameter> share, Precision precision) {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        format = precision.scalarType();
        others = new AdamW(parameters, weightDecay, p -> isMatrix(p) ? 0 : share.applyAsDouble(p));
        momentum = torch.zeros_like(parameters.values());
        momentum.retainReference();
        long start = 0;
        for (Parameter parameter : parameters.all()) {
            if (parameter.kind() != Parameter.Kind.WEIGHT) {
                continue;
            }
            if (isMatrix(parameter) && !parameter.frozen()) {
                long rows = parameter.shape().getFirst();
                matrices.add(new Matrix(start, rows, parameter.size() / rows, share.applyAsDouble(parameter)));
            }
            start += parameter.size();
        }
    }

    private static boolean isMatrix(Parameter parameter) {
        return parameter.kind() == Parameter.Kind.WEIGHT
                && parameter.shape().size() > 1
                && parameter.shape().getFirst() >= FEWEST_ROWS;
    }

    @Override
    public void step(double learningRate) {
        try (var _ = new NoGradGuard()) {
            for (Matrix matrix : matrices) {
                try (var _ = new PointerScope()) {
                    Tensor g = matrix.of(parameters.gradients());
                    Tensor mean = matrix.of(momentum);
                    mean.lerp_(g, new Scalar(1 - MOMENTUM));
                    Tensor step = orthogonalised(g.lerp(mean, new Scalar(MOMENTUM)), format);
                    double rate = learningRate * matrix.share;
                    double scale = ADAM_STEP * Math.sqrt(Math.max(matrix.rows, matrix.columns));
                    Tensor weight = matrix.of(parameters.values());
                    weight.mul_(new Scalar(1 - rate * weightDecay)).sub_(step, new Scalar(rate * scale));
                }
            }
        }
        others.step(learningRate);
    }

    /// The nearest matrix whose singular values are all about 1, by Newton-Schulz iteration.
    ///
    /// @param matrix of any two sizes, float32
    /// @param format to compute in
    /// @return float32
    static Tensor orthogonalised(Tensor matrix, ScalarType format) {
        boolean tall = matrix.size(0) > matrix.size(1);
        Tensor x = matrix.div(matrix.norm().add(new Scalar(SMALLEST))).to(format);
        x = tall ? x.t() : x;
        for (int round = 0; round < ROUNDS; round++) {
            Tensor square = x.matmul(x.t());
            Tensor factor = torch.addmm(square, square, square, new Scalar(QUINTIC[1]), new Scalar(QUINTIC[2]));
            x = torch.addmm(x, factor, x, new Scalar(QUINTIC[0]), new Scalar(1));
        }
        return (tall ? x.t() : x).to(ScalarType.Float);
    }

    /// The momentum of the matrices, and the moments of [AdamW] for what it is left.
    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new TreeMap<>(others.state());
        state.put("momentum", momentum);
        return state;
    }

    @Override
    public long steps() {
        return others.steps();
    }

    @Override
    public void resumeAt(long step) {
        others.resumeAt(step);
    }

    @Override
    public void close() {
        others.close();
        momentum.close();
    }
}
