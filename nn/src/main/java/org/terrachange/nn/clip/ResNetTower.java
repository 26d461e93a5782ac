package org.terrachange.nn.clip;

import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.transformer.LayerNorm;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Shapes;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// A plain ResNet, such as one pretrained by SimCLR, as an image tower: each cell of its last stage is
/// normalised and projected into the joint space, and the pooled vector is the mean of the cells. Takes images
/// of any size from 32 pixels.
///
/// Parameter names: `encoder.*` as torchvision's, as in SimCLR's and the detectors' checkpoints, then
/// `visual.ln_post.weight`, `visual.ln_post.bias` and `visual.proj`.
public final class ResNetTower implements ImageTower {
    private static final String ENCODER = "encoder.";

    private final ResNet encoder;
    private final int embedDim;
    private final LayerNorm norm;
    private final Weight projection;

    /// @param stages of the encoder to use, 1 to 4: three end at a 16th of the image's size, four at a 32nd
    public ResNetTower(ResNet.Depth depth, int stages, int embedDim, Layers layers) {
        this.embedDim = embedDim;
        encoder = new ResNet(depth, stages, ENCODER, layers);
        int features = depth.channels().get(stages);
        norm = new LayerNorm("visual.ln_post", features, layers);
        projection = layers.weight(WeightSpec.normal("visual.proj", 1 / Math.sqrt(features), features, embedDim));
    }

    /// `[n, c, rows, columns]`, the last stage of the encoder.
    @Override
    public Tensor trunk(Tensor images, Mode mode) {
        if (images.dim() != 4 || images.size(1) != 3 || images.size(2) < 32 || images.size(3) < 32) {
            throw new IllegalArgumentException(
                    "this image tower takes [n, 3, h, w] of 32 pixels at least, got " + Shapes.of(images));
        }
        List<Tensor> stages = encoder.forward(images, mode);
        stages.subList(0, stages.size() - 1).forEach(Tensor::close);
        return stages.getLast();
    }

    @Override
    public ImageFeatures head(Tensor trunk) {
        int rows = (int) trunk.size(2);
        int columns = (int) trunk.size(3);
        Tensor sequence = NativeScope.result(() -> {
            Tensor cells = norm.forward(trunk.flatten(2, 3).transpose(1, 2)).matmul(projection.like(trunk));
            Tensor mean = cells.mean(new long[] {1}, true, new ScalarTypeOptional());
            return torch.cat(new TensorVector(mean, cells), 1);
        });
        return ImageFeatures.ofSequence(sequence, rows, columns);
    }

    @Override
    public boolean isTrunk(Parameter parameter) {
        return parameter.name().startsWith(ENCODER);
    }

    @Override
    public int embedDim() {
        return embedDim;
    }
}
