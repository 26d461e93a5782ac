package org.terrachange.nn.clip;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Shapes;

/// CLIP's ResNet (Radford et al. 2021, section 2.4): a stem of three convolutions and average pooling, strides
/// taken by average pooling so that nothing aliases, and attention pooling in place of the mean.
final class ClipResNet implements ImageTower {
    private static final int EXPANSION = 4;
    private static final String POOL = "attnpool";

    private final String prefix;
    private final ClipConfiguration.ModifiedResNet sizes;
    private final int embedDim;
    private final List<ConvUnit> stem;
    private final List<Block> blocks = new ArrayList<>();
    private final AttentionPool pool;

    /// @param prefix put before every parameter name, with its dot: `visual.`
    ClipResNet(ClipConfiguration.ModifiedResNet sizes, int embedDim, String prefix, Layers layers) {
        this.prefix = prefix;
        this.sizes = sizes;
        this.embedDim = embedDim;
        int width = sizes.width();
        stem = List.of(
                layers.make(ConvSpec.normalised(prefix + "conv1", prefix + "bn1", 3, width / 2, 3, 2, true)),
                layers.make(ConvSpec.normalised(prefix + "conv2", prefix + "bn2", width / 2, width / 2, 3, 1, true)),
                layers.make(ConvSpec.normalised(prefix + "conv3", prefix + "bn3", width / 2, width, 3, 1, true)));
        int in = width;
        for (int stage = 0; stage < 4; stage++) {
            int planes = width << stage;
            for (int i = 0; i < sizes.blocks().get(stage); i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                blocks.add(block(prefix + "layer" + (stage + 1) + "." + i + ".", in, planes, stride, layers));
                in = EXPANSION * planes;
            }
        }
        pool = new AttentionPool(prefix + POOL, in, sizes.heads(), sizes.grid(), embedDim, layers);
    }

    private static Block block(String name, int in, int planes, int stride, Layers layers) {
        int out = EXPANSION * planes;
        ConvUnit shortcut = stride == 1 && in == out
                ? null
                : layers.make(ConvSpec.normalised(name + "downsample.0", name + "downsample.1", in, out, 1, 1, false));
        return new Block(
                layers.make(ConvSpec.normalised(name + "conv1", name + "bn1", in, planes, 1, 1, true)),
                layers.make(ConvSpec.normalised(name + "conv2", name + "bn2", planes, planes, 3, 1, true)),
                layers.make(ConvSpec.normalised(name + "conv3", name + "bn3", planes, out, 1, 1, true)),
                shortcut,
                stride);
    }

    /// `[n, width, grid, grid]`, the last block.
    @Override
    public Tensor trunk(Tensor images, Mode mode) {
        int size = sizes.imageSize();
        if (images.dim() != 4 || images.size(1) != 3 || images.size(2) != size || images.size(3) != size) {
            throw new IllegalArgumentException(
                    "this image tower takes [n, 3, " + size + ", " + size + "], got " + Shapes.of(images));
        }
        return NativeScope.result(() -> {
            Tensor y = NativeScope.result(() -> {
                Tensor x = images;
                for (ConvUnit unit : stem) {
                    x = unit.forward(x, mode);
                }
                return halved(x);
            });
            for (Block block : blocks) {
                Tensor in = y;
                y = NativeScope.result(() -> block.forward(in, mode));
                in.close();
            }
            return y;
        });
    }

    @Override
    public ImageFeatures head(Tensor trunk) {
        Tensor sequence = NativeScope.result(() -> pool.forward(trunk));
        return ImageFeatures.ofSequence(sequence, sizes.grid(), sizes.grid());
    }

    @Override
    public boolean isTrunk(Parameter parameter) {
        return parameter.name().startsWith(prefix) && !parameter.name().startsWith(prefix + POOL);
    }

    private static Tensor halved(Tensor x) {
        return torch.avg_pool2d(
                x, new long[] {2, 2}, new long[] {2, 2}, new long[] {0, 0}, false, true, new LongOptional());
    }

    @Override
    public int embedDim() {
        return embedDim;
    }

    private record Block(
            ConvUnit reduce,
            ConvUnit spatial,
            ConvUnit expand,
            @Nullable ConvUnit shortcut,
            int stride) {
        Tensor forward(Tensor x, Mode mode) {
            Tensor y = spatial.forward(reduce.forward(x, mode), mode);
            Tensor strided = stride == 1 ? y : halved(y);
            if (shortcut == null) {
                return expand.forward(strided, x, mode);
            }
            return expand.forward(strided, shortcut.forward(stride == 1 ? x : halved(x), mode), mode);
        }
    }
}
