package org.terrachange.nn.change;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.clip.ImageFeatures;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// The strategy `difference`: the direction from the earlier image's vector to the later one's, plus one short
/// learned vector. That vector is the answer for identical dates, whose difference has no direction; beside a
/// real difference it hardly counts at first, and learns to point where the texts that tell of no change are.
///
/// Parameter: `change.no_change`.
final class DifferenceEncoder implements ChangeEncoder {
    private static final double INITIAL_LENGTH = 0.02;

    private final Weight noChange;

    DifferenceEncoder(int embedDim, Layers layers) {
        noChange = layers.weight(WeightSpec.vector("change.no_change", INITIAL_LENGTH / Math.sqrt(embedDim), embedDim));
    }

    @Override
    public Tensor forward(ImageFeatures before, ImageFeatures after) {
        return NativeScope.result(
                () -> PooledPair.unit(PooledPair.of(before, after).difference().add(noChange.as(ScalarType.Float))));
    }

    @Override
    public ChangeStrategy strategy() {
        return ChangeStrategy.DIFFERENCE;
    }
}
