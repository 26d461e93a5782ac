package org.terrachange.nn.transformer;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Scaled dot-product attention by several heads (Vaswani et al. 2017), computed in one fused step that never
/// stores the matrix of attention weights; short sequences of bfloat16 on a processor take plain products instead.
///
/// Parameter names as PyTorch's `MultiheadAttention`: `in_proj_weight` and `in_proj_bias` hold the projections
/// to queries, keys and values one below the other, `out_proj.weight` and `out_proj.bias` the one of the
/// result.
public final class MultiHeadAttention {
    /// On processors libtorch's fused step multiplies bfloat16 without the instructions for it: at the 50 tokens of
    /// CLIP's image tower it takes eight times as long as plain products forward, twice as long forward and backward.
    /// Up to this length the matrix of attention weights is small enough to store.
    private static final long LONGEST_STORED = 512;

    private final int width;
    private final int heads;
    private final Linear in;
    private final Linear out;

    /// @param name before the parameters' names, without its dot
    /// @param width of the tokens, a multiple of `heads`
    /// @param outDeviation of the first weights of the output projection
    public MultiHeadAttention(String name, int width, int heads, double outDeviation, Layers layers) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    name + ": " + heads + " heads do not share a width of " + width + " equally");
        }
        this.width = width;
        this.heads = heads;
        in = new Linear(
                name + ".in_proj_weight", name + ".in_proj_bias", width, 3 * width, 1 / Math.sqrt(width), layers);
        out = new Linear(name + ".out_proj", width, width, outDeviation, layers);
    }

    /// Lets every token look at the tokens of its own sequence.
    ///
    /// @param x `[n, length, width]`
    /// @param causal whether a token sees only itself and those before it
    /// @return the shape and format of `x`; belongs to the caller's pointer scope
    public Tensor self(Tensor x, boolean causal) {
        requireSequence(x);
        Tensor projected = in.forward(x);
        return attend(part(projected, 0), part(projected, 1), part(projected, 2), causal);
    }

    /// Lets every token look at the tokens of another sequence.
    ///
    /// @param queries `[n, length, width]`
    /// @param context `[n, other length, width]`
    /// @return the shape and format of `queries`; belongs to the caller's pointer scope
    public Tensor across(Tensor queries, Tensor context) {
        requireSequence(queries);
        requireSequence(context);
        if (queries.size(0) != context.size(0)) {
            throw new IllegalArgumentException("attention across needs equal batches, got " + queries.size(0) + " and "
                    + context.size(0) + " sequences");
        }
        Tensor projected = in.forward(context, width, 2L * width);
        return attend(in.forward(queries, 0, width), part(projected, 0), part(projected, 1), false);
    }

    private void requireSequence(Tensor x) {
        if (x.dim() != 3 || x.size(2) != width) {
            throw new IllegalArgumentException(
                    "attention of width " + width + " takes [batch, length, " + width + "], got " + Shapes.of(x));
        }
    }

    private Tensor part(Tensor projected, int index) {
        return projected.narrow(2, (long) index * width, width);
    }

    private Tensor attend(Tensor queries, Tensor keys, Tensor values, boolean causal) {
        Tensor mixed = isFasterStored(queries, keys)
                ? stored(split(queries), split(keys), split(values), causal)
                : torch.scaled_dot_product_attention(
                        split(queries),
                        split(keys),
                        split(values),
                        new TensorOptional(),
                        0,
                        causal,
                        new DoubleOptional(),
                        false);
        return out.forward(mixed.transpose(1, 2).reshape(queries.size(0), queries.size(1), width));
    }

    private static boolean isFasterStored(Tensor queries, Tensor keys) {
        return !queries.is_cuda()
                && queries.scalar_type().value == ScalarType.BFloat16.value
                && Math.max(queries.size(1), keys.size(1)) <= LONGEST_STORED;
    }

    /// The definition, written out. All arguments are `[n, heads, length, width / heads]`.
    private Tensor stored(Tensor queries, Tensor keys, Tensor values, boolean causal) {
        Tensor scaled = queries.mul(new Scalar(1 / Math.sqrt((double) width / heads)));
        Tensor likeness = scaled.matmul(keys.transpose(2, 3));
        Tensor visible = causal ? likeness.add(future(queries)) : likeness;
        return visible.softmax(3).matmul(values);
    }

    /// `[length, length]`: minus infinity where a token would see one after it, else 0.
    private static Tensor future(Tensor queries) {
        long length = queries.size(2);
        return torch.full(new long[] {length, length}, new Scalar(Double.NEGATIVE_INFINITY))
                .triu(1)
                .to(queries.scalar_type());
    }

    /// `[n, heads, length, width / heads]`.
    private Tensor split(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, width / heads).transpose(1, 2);
    }
}
