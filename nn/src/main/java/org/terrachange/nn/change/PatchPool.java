package org.terrachange.nn.change;

import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.transformer.LayerNorm;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.MultiHeadAttention;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// One vector of many patches: a learned question that all patches answer by attention, so that a change in one
/// corner is not lost in the mean. Starts out at about the length of a difference of directions, beside which
/// it is added.
final class PatchPool {
    private final int width;
    private final Weight question;
    private final LayerNorm norm;
    private final MultiHeadAttention attention;

    /// @param name before `.query`, `.ln.*` and `.attn.*`
    PatchPool(String name, int width, Layers layers) {
        this.width = width;
        question = layers.weight(WeightSpec.vector(name + ".query", 1, width));
        norm = new LayerNorm(name + ".ln", width, layers);
        attention = new MultiHeadAttention(name + ".attn", width, heads(width), 1.0 / width, layers);
    }

    /// Heads of 64 where the width allows it, as CLIP's.
    static int heads(int width) {
        int heads = Math.max(1, width / 64);
        while (width % heads != 0) {
            heads--;
        }
        return heads;
    }

    /// @param tokens `[n, patches, width]`
    /// @return `[n, width]`
    Tensor forward(Tensor tokens) {
        long n = tokens.size(0);
        Tensor asked = question.like(tokens).view(1, 1, width).expand(n, 1, width);
        return attention.across(asked, norm.forward(tokens)).squeeze(1);
    }
}
