package org.terrachange.nn.layer;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.tensor.Parameter;

/// Batch normalisation over the examples of all processes, as one process with all of them would do it (Ioffe and
/// Szegedy 2015; synchronised as in Zhang et al. 2018, "Context encoding for semantic segmentation").
///
/// Mean and variance of the whole batch follow from those of the equal parts: the variance is the mean of their
/// variances plus the variance of their means, which loses no digits where means are far from zero.
///
/// @param scale learned
/// @param shift learned
/// @param mean running
/// @param variance running
record SynchronisedNorm(
        Parameter scale, Parameter shift, Parameter mean, Parameter variance, double momentum, double epsilon) {

    /// Normalises.
    ///
    /// @param x `[n, c, h, w]`, the examples of this process, as many as each other process has
    /// @param track whether the running statistics take the batch in
    /// @return of the shape and format of `x`; belongs to the caller's pointer scope
    Tensor apply(Tensor x, boolean track, ProcessGroup group) {
        return NativeScope.result(() -> {
            long channels = x.size(1);
            long[] perChannel = {1, channels, 1, 1};
            Tensor values = x.to(ScalarType.Float);
            Tensor ownMean = mean(values);
            Tensor centred = values.sub(ownMean.view(perChannel));
            Tensor ownVariance = mean(centred.mul(centred));
            Tensor all = group.everyones(torch.cat(new TensorVector(ownMean, ownVariance), 0));
            Tensor means = all.narrow(1, 0, channels);
            Tensor wholeMean = means.mean(0);
            Tensor distance = means.sub(wholeMean);
            Tensor wholeVariance = all.narrow(1, channels, channels)
                    .mean(0)
                    .add(distance.mul(distance).mean(0));
            if (track) {
                track(wholeMean, wholeVariance, values.numel() / channels * all.size(0));
            }
            Tensor factor =
                    scale.tensor().mul(wholeVariance.add(new Scalar(epsilon)).rsqrt());
            Tensor offset = shift.tensor().add(ownMean.sub(wholeMean).mul(factor));
            return torch.addcmul(offset.view(perChannel), centred, factor.view(perChannel))
                    .to(x.scalar_type());
        });
    }

    /// `[c]`: the mean over examples and places.
    private static Tensor mean(Tensor x) {
        return x.mean(new long[] {0, 2, 3}, false, new ScalarTypeOptional());
    }

    private void track(Tensor wholeMean, Tensor wholeVariance, long count) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            // The running variance is that of the population, the one applied that of the batch.
            double unbiased = count / Math.max(1.0, count - 1.0);
            mean.tensor().lerp_(wholeMean.detach(), new Scalar(momentum));
            variance.tensor().lerp_(wholeVariance.detach().mul(new Scalar(unbiased)), new Scalar(momentum));
        }
    }
}
