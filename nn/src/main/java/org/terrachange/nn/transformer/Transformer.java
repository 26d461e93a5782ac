package org.terrachange.nn.transformer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.tensor.NativeScope;

/// A stack of blocks that normalise before attention and before the perceptron, with parameter names and first
/// values as CLIP's (Radford et al. 2021).
public final class Transformer {
    private static final int EXPANSION = 4;

    private final boolean causal;
    private final List<Block> blocks = new ArrayList<>();

    /// @param name before `.resblocks.0`, `.resblocks.1`, ...
    /// @param causal whether a token sees only itself and those before it
    public Transformer(
            String name, int width, int depth, int heads, Activation activation, boolean causal, Layers layers) {
        this.causal = causal;
        double outDeviation = 1 / Math.sqrt(2.0 * depth * width);
        for (int i = 0; i < depth; i++) {
            String block = name + ".resblocks." + i;
            blocks.add(new Block(
                    new LayerNorm(block + ".ln_1", width, layers),
                    new MultiHeadAttention(block + ".attn", width, heads, outDeviation, layers),
                    new LayerNorm(block + ".ln_2", width, layers),
                    new Mlp(block + ".mlp", width, EXPANSION * width, width, activation, outDeviation, layers)));
        }
    }

    /// Runs all blocks.
    ///
    /// @param x `[n, length, width]`: the batch first, then the sequence
    /// @return the shape and format of `x`; belongs to the caller's pointer scope
    public Tensor forward(Tensor x) {
        Tensor y = x;
        for (Block block : blocks) {
            Tensor in = y;
            y = NativeScope.result(() -> block.forward(in, causal));
            if (in != x) {
                in.close();
            }
        }
        return y;
    }

    private record Block(LayerNorm beforeAttention, MultiHeadAttention attention, LayerNorm beforeMlp, Mlp mlp) {
        Tensor forward(Tensor x, boolean causal) {
            Tensor attended = x.add(attention.self(beforeAttention.forward(x), causal));
            return attended.add(mlp.forward(beforeMlp.forward(attended)));
        }
    }
}
