package org.terrachange.nn.change;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.clip.ImageFeatures;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.LayerNorm;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Mlp;
import org.terrachange.nn.transformer.MultiHeadAttention;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// The strategy `cross_attn`: each patch of the later image looks for what it was among the patches of the
/// earlier one, and the other way round, with the same weights; what both have found is fused patch by patch,
/// pooled, and added to the difference of the pooled vectors. A learned vector for each date tells the
/// directions apart.
///
/// Parameters: `change.ln_in.*`, `change.date_embedding`, `change.blocks.0.*`, `change.blocks.1.*`,
/// `change.ln_out.*`, `change.fuse.*`, `change.pool.*`.
final class CrossAttentionEncoder implements ChangeEncoder {
    private static final int BLOCKS = 2;
    private static final int EXPANSION = 2;

    private final int width;
    private final LayerNorm in;
    private final Weight dates;
    private final List<Block> blocks = new ArrayList<>();
    private final LayerNorm out;
    private final Mlp fuse;
    private final PatchPool pool;

    CrossAttentionEncoder(int width, Layers layers) {
        this.width = width;
        double outDeviation = 1 / Math.sqrt(2.0 * BLOCKS * width);
        in = new LayerNorm("change.ln_in", width, layers);
        dates = layers.weight(WeightSpec.normal("change.date_embedding", 0.1, 2, width));
        for (int i = 0; i < BLOCKS; i++) {
            String name = "change.blocks." + i;
            blocks.add(new Block(
                    new LayerNorm(name + ".ln_1", width, layers),
                    new MultiHeadAttention(name + ".attn", width, PatchPool.heads(width), outDeviation, layers),
                    new LayerNorm(name + ".ln_2", width, layers),
                    new Mlp(name + ".mlp", width, EXPANSION * width, width, Activation.GELU, outDeviation, layers)));
        }
        out = new LayerNorm("change.ln_out", width, layers);
        fuse = new Mlp("change.fuse", 2 * width, width, width, Activation.GELU, 1 / Math.sqrt(width), layers);
        pool = new PatchPool("change.pool", width, layers);
    }

    @Override
    public Tensor forward(ImageFeatures before, ImageFeatures after) {
        return NativeScope.result(() -> {
            PooledPair pair = PooledPair.of(before, after);
            long n = before.count();
            Tensor x = NativeScope.result(() -> tokens(before, after));
            for (Block block : blocks) {
                Tensor y = x;
                x = NativeScope.result(() -> block.forward(y, n));
                y.close();
            }
            Tensor both = out.forward(x);
            Tensor fused = fuse.forward(torch.cat(new TensorVector(both.narrow(0, 0, n), both.narrow(0, n, n)), 2));
            return PooledPair.unit(pool.forward(fused).to(ScalarType.Float).add(pair.difference()));
        });
    }

    /// `[2 n, patches, d]`: those of the earlier images, then those of the later ones, each with its place and
    /// date.
    private Tensor tokens(ImageFeatures before, ImageFeatures after) {
        Tensor positions = PatchPositions.of(before.rows(), before.columns(), width, before.tokens());
        Tensor date = dates.like(before.tokens());
        return torch.cat(
                new TensorVector(
                        in.forward(before.tokens()).add(positions).add(date.select(0, 0)),
                        in.forward(after.tokens()).add(positions).add(date.select(0, 1))),
                0);
    }

    @Override
    public ChangeStrategy strategy() {
        return ChangeStrategy.CROSS_ATTENTION;
    }

    private record Block(LayerNorm beforeAttention, MultiHeadAttention attention, LayerNorm beforeMlp, Mlp mlp) {
        /// @param x `[2 n, patches, d]`, both dates one below the other
        Tensor forward(Tensor x, long n) {
            Tensor normed = beforeAttention.forward(x);
            Tensor other = torch.cat(new TensorVector(normed.narrow(0, n, n), normed.narrow(0, 0, n)), 0);
            Tensor attended = x.add(attention.across(normed, other));
            return attended.add(mlp.forward(beforeMlp.forward(attended)));
        }
    }
}
