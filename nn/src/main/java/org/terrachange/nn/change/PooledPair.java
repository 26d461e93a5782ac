package org.terrachange.nn.change;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.clip.ImageFeatures;
import org.terrachange.nn.transformer.Shapes;

/// The pooled vectors of both dates as directions: CLIP's joint space compares by angle, so lengths say nothing
/// there.
///
/// @param before `[n, d]`, float32, of length 1
/// @param after the same
record PooledPair(Tensor before, Tensor after) {
    /// Keeps the root of a sum of squares and its gradient finite at 0.
    private static final double SMALLEST_SQUARE = 1e-12;

    static PooledPair of(ImageFeatures before, ImageFeatures after) {
        if (before.rows() != after.rows()
                || before.columns() != after.columns()
                || before.count() != after.count()
                || before.width() != after.width()) {
            throw new IllegalArgumentException("the two dates differ: " + before.rows() + "x" + before.columns()
                    + " patches, " + Shapes.of(before.pooled()) + " and " + after.rows() + "x" + after.columns()
                    + " patches, " + Shapes.of(after.pooled()));
        }
        return new PooledPair(unit(before.pooled()), unit(after.pooled()));
    }

    /// `[n, d]`: from before to after, of length 0 to 2.
    Tensor difference() {
        return after.sub(before);
    }

    /// Rows brought to length 1, float32. Rows of zeros stay zeros.
    static Tensor unit(Tensor x) {
        Tensor values = x.to(ScalarType.Float);
        Tensor length = values.mul(values)
                .sum(new long[] {1}, true, new ScalarTypeOptional())
                .add(new Scalar(SMALLEST_SQUARE))
                .sqrt();
        return values.div(length);
    }
}
