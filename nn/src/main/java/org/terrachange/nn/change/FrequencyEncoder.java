package org.terrachange.nn.change;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.clip.ImageFeatures;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.LayerNorm;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Linear;
import org.terrachange.nn.transformer.Transformer;

/// The strategy `fst` (frequency, space, time): the grid of each date's patches is parted into low frequencies
/// (land cover, season, light) and high ones (objects and their outlines). The high part is compared between
/// the dates, the low part of both is the context in which it is read; attention over the grid and pooling make
/// one vector of it, which is added to the difference of the pooled vectors.
///
/// Parameters: `change.ln_in.*`, `change.frequency.*`, `change.detail.*`, `change.context.*`,
/// `change.spatial.*`, `change.pool.*`.
final class FrequencyEncoder implements ChangeEncoder {
    private final int width;
    private final LayerNorm in;
    private final FrequencySplit split;
    private final Linear detail;
    private final Linear context;
    private final Transformer spatial;
    private final PatchPool pool;

    FrequencyEncoder(int width, Layers layers) {
        this.width = width;
        in = new LayerNorm("change.ln_in", width, layers);
        split = new FrequencySplit("change.frequency", layers);
        detail = new Linear("change.detail", width, width, 1 / Math.sqrt(width), layers);
        context = new Linear("change.context", 2 * width, width, 1 / Math.sqrt(2.0 * width), layers);
        spatial = new Transformer("change.spatial", width, 1, PatchPool.heads(width), Activation.GELU, false, layers);
        pool = new PatchPool("change.pool", width, layers);
    }

    @Override
    public Tensor forward(ImageFeatures before, ImageFeatures after) {
        return NativeScope.result(() -> {
            PooledPair pair = PooledPair.of(before, after);
            Tensor tokens = NativeScope.result(() -> tokens(before, after));
            Tensor pooled = pool.forward(spatial.forward(tokens));
            return PooledPair.unit(pooled.to(ScalarType.Float).add(pair.difference()));
        });
    }

    /// `[n, patches, d]`: what changed in detail at each patch, in its context and place.
    private Tensor tokens(ImageFeatures before, ImageFeatures after) {
        long n = before.count();
        long patches = before.tokens().size(1);
        Tensor both = in.forward(torch.cat(new TensorVector(before.tokens(), after.tokens()), 0));
        // The transform has no bfloat16; its cost is nothing beside the tower's.
        FrequencySplit.Parts parts =
                split.of(both.to(ScalarType.Float).reshape(2 * n, before.rows(), before.columns(), width));
        Tensor high = parts.high().reshape(2 * n, patches, width).to(both.scalar_type());
        Tensor low = parts.low().reshape(2 * n, patches, width).to(both.scalar_type());
        Tensor change = high.narrow(0, n, n).sub(high.narrow(0, 0, n));
        Tensor surroundings = torch.cat(new TensorVector(low.narrow(0, 0, n), low.narrow(0, n, n)), 2);
        return detail.forward(change)
                .add(context.forward(surroundings))
                .add(PatchPositions.of(before.rows(), before.columns(), width, both));
    }

    @Override
    public ChangeStrategy strategy() {
        return ChangeStrategy.FREQUENCY;
    }
}
