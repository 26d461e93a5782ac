package org.terrachange.nn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.layer.ConvFactory;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.NativeScope;

/// A residual encoder without its classifier (He et al. 2016, "Deep residual learning for image recognition"),
/// with parameter names as torchvision's. The bottleneck's stride sits on its 3x3 convolution, as torchvision
/// places it.
public final class ResNet {

    /// The published depths.
    public enum Depth {
        RESNET18(List.of(2, 2, 2, 2), false),
        RESNET34(List.of(3, 4, 6, 3), false),
        RESNET50(List.of(3, 4, 6, 3), true);

        private final List<Integer> blocks;
        private final boolean bottleneck;

        Depth(List<Integer> blocks, boolean bottleneck) {
            this.blocks = blocks;
            this.bottleneck = bottleneck;
        }

        /// The name that torchvision uses.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Channels of the features c1 to c5, at strides 2, 4, 8, 16, 32.
        public List<Integer> channels() {
            int expansion = bottleneck ? 4 : 1;
            return List.of(64, 64 * expansion, 128 * expansion, 256 * expansion, 512 * expansion);
        }

        /// The depth of this name.
        ///
        /// @throws IllegalArgumentException for an unknown one
        public static Depth parse(String name) {
            for (Depth depth : values()) {
                if (depth.label().equals(name.toLowerCase(Locale.ROOT))) {
                    return depth;
                }
            }
            throw new IllegalArgumentException(
                    "unknown encoder \"" + name + "\": choose resnet18, resnet34 or resnet50");
        }
    }

    private final ConvUnit stem;
    private final List<List<Block>> stages = new ArrayList<>();

    /// @param prefix put before every parameter name, with its dot: `encoder.`
    /// @param stageCount how many of the four stages to build, from the shallowest
    public ResNet(Depth depth, int stageCount, String prefix, ConvFactory convs) {
        if (stageCount < 1 || stageCount > 4) {
            throw new IllegalArgumentException("a ResNet has 1 to 4 stages, got " + stageCount);
        }
        stem = convs.make(ConvSpec.normalised(prefix + "conv1", prefix + "bn1", 3, 64, 7, 2, true));
        int in = 64;
        for (int stage = 0; stage < stageCount; stage++) {
            int width = 64 << stage;
            int out = depth.bottleneck ? 4 * width : width;
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < depth.blocks.get(stage); i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                String name = prefix + "layer" + (stage + 1) + "." + i + ".";
                blocks.add(block(depth.bottleneck, name, in, width, out, stride, convs));
                in = out;
            }
            stages.add(List.copyOf(blocks));
        }
    }

    private static Block block(
            boolean bottleneck, String name, int in, int width, int out, int stride, ConvFactory convs) {
        List<ConvSpec> specs = bottleneck
                ? List.of(
                        ConvSpec.normalised(name + "conv1", name + "bn1", in, width, 1, 1, true),
                        ConvSpec.normalised(name + "conv2", name + "bn2", width, width, 3, stride, true),
                        ConvSpec.normalised(name + "conv3", name + "bn3", width, out, 1, 1, true))
                : List.of(
                        ConvSpec.normalised(name + "conv1", name + "bn1", in, width, 3, stride, true),
                        ConvSpec.normalised(name + "conv2", name + "bn2", width, out, 3, 1, true));
        List<ConvUnit> path = specs.stream().map(convs::make).toList();
        ConvUnit shortcut = stride == 1 && in == out
                ? null
                : convs.make(
                        ConvSpec.normalised(name + "downsample.0", name + "downsample.1", in, out, 1, stride, false));
        return new Block(path, shortcut);
    }

    /// The features of a batch of images.
    ///
    /// @param x `[n, 3, h, w]`, normalised as the weights expect
    /// @return c1 `[n, 64, h/2, w/2]` after the stem's ReLU and before pooling, then c2, c3, ... after each stage
    public List<Tensor> forward(Tensor x, Mode mode) {
        List<Tensor> features = new ArrayList<>(5);
        features.add(stem.forward(x, mode));
        Tensor y = pooled(features.getFirst());
        for (List<Block> stage : stages) {
            for (Block block : stage) {
                Tensor in = y;
                y = NativeScope.result(() -> block.forward(in, mode));
                if (in != features.getLast()) {
                    in.close();
                }
            }
            features.add(y);
        }
        return features;
    }

    private static Tensor pooled(Tensor x) {
        return torch.max_pool2d(x, new long[] {3, 3}, new long[] {2, 2}, new long[] {1, 1}, new long[] {1, 1}, false);
    }

    /// A residual block: a path of two or three units, the last of which adds the (projected) input.
    private record Block(List<ConvUnit> path, @Nullable ConvUnit shortcut) {
        Tensor forward(Tensor x, Mode mode) {
            Tensor identity = shortcut == null ? x : shortcut.forward(x, mode);
            Tensor y = x;
            for (ConvUnit unit : path.subList(0, path.size() - 1)) {
                y = unit.forward(y, mode);
            }
            return path.getLast().forward(y, identity, mode);
        }
    }
}
