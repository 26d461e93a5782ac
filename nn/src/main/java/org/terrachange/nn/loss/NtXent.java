package org.terrachange.nn.loss;

import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The normalised temperature-scaled cross-entropy loss of SimCLR (Chen et al. 2020, "A simple framework for
/// contrastive learning of visual representations", equation 1 and algorithm 1): each view has to find the
/// other view of its image among all views of the batch, by cosine similarity.
public final class NtXent {
    /// What stands in place of a view's similarity to itself: its exponential is 0 in every format.
    private static final double EXCLUDED = -1e4;

    private NtXent() {}

    /// The loss of a batch.
    ///
    /// @param first `[n, d]`, float32, embeddings of one view of each image, of any length other than 0
    /// @param second the same shape, embeddings of the other views in the same order
    /// @param temperature divides the similarities, above 0; 0.1 to 0.5 as a rule
    /// @return a scalar, the mean over all 2n views; `ln(2n - 1)` where all embeddings are equal
    public static Tensor of(Tensor first, Tensor second, double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("the temperature must be above 0, got " + temperature);
        }
        long n = first.size(0);
        if (n < 1 || second.size(0) != n || second.size(1) != first.size(1)) {
            throw new IllegalArgumentException("two views need equal batches, got " + first.size(0) + "x"
                    + first.size(1) + " and " + second.size(0) + "x" + second.size(1));
        }
        Tensor views = torch.cat(new TensorVector(first, second), 0);
        Tensor lengths = views.mul(views)
                .sum(new long[] {1}, true, new ScalarTypeOptional())
                .sqrt()
                .clamp_min(new Scalar(1e-12));
        Tensor unit = views.div(lengths);
        Tensor similarity = unit.matmul(unit.t()).div(new Scalar(temperature));
        Tensor self = torch.eye(2 * n, similarity.options());
        Tensor candidates = similarity.add(self.mul(new Scalar(EXCLUDED)));
        TensorOptions index = new TensorOptions(ScalarType.Long).device(new DeviceOptional(views.device()));
        Tensor partners = torch.cat(
                new TensorVector(
                        torch.arange(new Scalar(n), new Scalar(2 * n), index),
                        torch.arange(new Scalar(0L), new Scalar(n), index)),
                0);
        return torch.nll_loss(
                candidates.log_softmax(1), partners, new TensorOptional(), torch.Reduction.Mean.value, -100);
    }
}
