package org.terrachange.nn.transformer;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Scaled dot-product attention by several heads (Vaswani et al. 2017), computed in one fused step that never
/// stores the matrix of attention weights.
///
/// Parameter names as PyTorch's `MultiheadAttention`: `in_proj_weight` and `in_proj_bias` hold the projections
/// to queries, keys and values one below the other, `out_proj.weight` and `out_proj.bias` the one of the
/// result.
public final class MultiHeadAttention {
    /// Tokens of the longest sequence whose table of scores is written out where no gradients are taken.
    private static final long LONGEST_EXPLICIT = 256;

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
        Tensor q = split(queries);
        Tensor k = split(keys);
        Tensor v = split(values);
        Tensor mixed = explicitIsFaster(q, k)
                ? explicit(q, k, v, causal)
                : torch.scaled_dot_product_attention(
                        q, k, v, new TensorOptional(), 0, causal, new DoubleOptional(), false);
        return out.forward(mixed.transpose(1, 2).reshape(queries.size(0), queries.size(1), width));
    }

    /// The fused kernel multiplies bfloat16 by a plain loop on processors, in its backward pass always and in
    /// its forward pass for many short sequences: up to ten times slower than matrix products over all tokens,
    /// whose table of scores is small for the sequences that images and captions make.
    private static boolean explicitIsFaster(Tensor queries, Tensor keys) {
        return queries.scalar_type().value == ScalarType.BFloat16.value
                && queries.device().is_cpu()
                && (queries.requires_grad() || keys.size(2) <= LONGEST_EXPLICIT);
    }

    private Tensor explicit(Tensor queries, Tensor keys, Tensor values, boolean causal) {
        Tensor scores =
                queries.mul(new Scalar(1 / Math.sqrt((double) width / heads))).matmul(keys.transpose(2, 3));
        if (causal) {
            long length = queries.size(2);
            Tensor later = torch.ones(new long[] {length, length}, queries.options())
                    .triu(1)
                    .to(ScalarType.Bool);
            scores = scores.masked_fill(later, new Scalar(Double.NEGATIVE_INFINITY));
        }
        return scores.softmax(-1).matmul(values);
    }

    /// `[n, heads, length, width / heads]`.
    private Tensor split(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, width / heads).transpose(1, 2);
    }
}
