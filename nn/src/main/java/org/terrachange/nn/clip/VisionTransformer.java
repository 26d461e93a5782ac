package org.terrachange.nn.clip;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.LayerNorm;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Shapes;
import org.terrachange.nn.transformer.Transformer;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// CLIP's vision transformer (Radford et al. 2021): non-overlapping patches, a class token, learned positions,
/// normalisation before and after the blocks, a projection without bias. The pooled vector is that of the class
/// token.
final class VisionTransformer implements ImageTower {
    private static final String AFTER = "ln_post";
    private static final String PROJECTION = "proj";

    private final ClipConfiguration.PatchTransformer sizes;
    private final String prefix;
    private final int embedDim;
    private final Weight patches;
    private final Weight classToken;
    private final Weight positions;
    private final LayerNorm before;
    private final Transformer transformer;
    private final LayerNorm after;
    private final Weight projection;

    /// @param prefix put before every parameter name, with its dot: `visual.`
    VisionTransformer(
            ClipConfiguration.PatchTransformer sizes,
            int embedDim,
            Activation activation,
            String prefix,
            Layers layers) {
        this.sizes = sizes;
        this.prefix = prefix;
        this.embedDim = embedDim;
        int width = sizes.width();
        int patch = sizes.patchSize();
        long length = 1 + (long) sizes.grid() * sizes.grid();
        double deviation = 1 / Math.sqrt(width);
        patches = layers.weight(
                WeightSpec.normal(prefix + "conv1.weight", 1 / Math.sqrt(3.0 * patch * patch), width, 3, patch, patch));
        classToken = layers.weight(WeightSpec.vector(prefix + "class_embedding", deviation, width));
        positions = layers.weight(WeightSpec.normal(prefix + "positional_embedding", deviation, length, width));
        before = new LayerNorm(prefix + "ln_pre", width, layers);
        transformer = new Transformer(
                prefix + "transformer", width, sizes.layers(), sizes.heads(), activation, false, layers);
        after = new LayerNorm(prefix + AFTER, width, layers);
        projection = layers.weight(WeightSpec.normal(prefix + PROJECTION, deviation, width, embedDim));
    }

    /// `[n, 1 + patches, width]`, what the last block says of the class token and of the patches.
    @Override
    public Tensor trunk(Tensor images, Mode mode) {
        int size = sizes.imageSize();
        if (images.dim() != 4 || images.size(1) != 3 || images.size(2) != size || images.size(3) != size) {
            throw new IllegalArgumentException(
                    "this image tower takes [n, 3, " + size + ", " + size + "], got " + Shapes.of(images));
        }
        return NativeScope.result(() -> {
            Tensor tokens = NativeScope.result(() -> before.forward(embedded(images)));
            return transformer.forward(tokens);
        });
    }

    @Override
    public ImageFeatures head(Tensor trunk) {
        Tensor sequence = NativeScope.result(() -> after.forward(trunk).matmul(projection.like(trunk)));
        return ImageFeatures.ofSequence(sequence, sizes.grid(), sizes.grid());
    }

    @Override
    public boolean isTrunk(Parameter parameter) {
        String name = parameter.name();
        return name.startsWith(prefix) && !name.startsWith(prefix + AFTER) && !name.equals(prefix + PROJECTION);
    }

    /// `[n, 1 + patches, width]`: the class token, then the patches row by row, with their positions.
    private Tensor embedded(Tensor images) {
        int patch = sizes.patchSize();
        Tensor cells = torch.conv2d(
                images,
                patches.like(images),
                new TensorOptional(),
                new long[] {patch, patch},
                new long[] {0, 0},
                new long[] {1, 1},
                1);
        Tensor tokens = cells.flatten(2, 3).transpose(1, 2);
        Tensor first = classToken.like(images).view(1, 1, sizes.width()).expand(images.size(0), 1, sizes.width());
        return torch.cat(new TensorVector(first, tokens), 1).add(positions.like(images));
    }

    @Override
    public int embedDim() {
        return embedDim;
    }
}
