package org.terrachange.nn.loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.distributed.ProcessGroup;

/// Binary cross-entropy plus soft Dice, in equal parts.
///
/// Cross-entropy gives every pixel a gradient and keeps probabilities calibrated, but is content with a map that
/// misses
/// the few changed pixels; Dice (Milletari et al. 2016) scores the overlap of the changed class alone, pooled
/// over the batch so that crops without change do not divide by zero. Their sum learns faster than either at
/// 1-20 % change.
public final class ChangeLoss {
    private static final double SMOOTH = 1;

    private ChangeLoss() {}

    /// The loss of a batch.
    ///
    /// @param logits `[n, 1, h, w]`, float32
    /// @param target the same shape, float32, 1 where the ground changed and 0 elsewhere
    /// @return a scalar, 0 for a perfect and certain map
    public static Tensor of(Tensor logits, Tensor target) {
        return of(logits, target, ProcessGroup.alone());
    }

    /// The loss of a batch that several processes share, with equal parts. Its mean over the processes is the
    /// loss of the whole batch, and so with its gradients: Dice is pooled over all parts.
    ///
    /// @param logits `[n, 1, h, w]`, float32, those of this process
    /// @param target the same shape
    public static Tensor of(Tensor logits, Tensor target, ProcessGroup group) {
        Tensor crossEntropy = torch.binary_cross_entropy_with_logits(
                logits, target, new TensorOptional(), new TensorOptional(), torch.Reduction.Mean.value);
        Tensor probability = logits.sigmoid();
        Tensor sums = group.total(torch.stack(new TensorVector(
                probability.mul(target).sum(), probability.sum().add(target.sum()))));
        Tensor overlap = sums.select(0, 0).mul(new Scalar(2)).add(new Scalar(SMOOTH));
        Tensor total = sums.select(0, 1).add(new Scalar(SMOOTH));
        return crossEntropy.add(overlap.div(total).neg().add(new Scalar(1)));
    }
}
