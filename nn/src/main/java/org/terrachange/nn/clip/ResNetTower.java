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

/// A plain ResNet, such as one pretrained by SimCLR or trained to detect change, as an image tower: the answers
/// of all its stages are brought onto one grid of cells, by their mean and those of the last stage by their
/// maximum too; each cell is normalised and projected into the joint space, and the pooled vector is the mean
/// of the cells. The shallow stages keep what is too small for the deep ones, and the maximum a single house
/// among trees. Takes images of any size from 32 pixels.
///
/// Parameter names: `encoder.*` as torchvision's, as in SimCLR's and the detectors' checkpoints, then
/// `visual.ln_post.weight`, `visual.ln_post.bias` and `visual.proj`.
public final class ResNetTower implements ImageTower {
    private static final String ENCODER = "encoder.";

    private final ResNet encoder;
    private final int grid;
    private final int embedDim;
    private final LayerNorm norm;
    private final Weight projection;

    /// @param stages of the encoder to use, 1 to 4
    /// @param grid rows and columns of cells
    public ResNetTower(ResNet.Depth depth, int stages, int grid, int embedDim, Layers layers) {
        if (grid < 1) {
            throw new IllegalArgumentException("the grid of an image tower has at least one cell, got " + grid);
        }
        this.grid = grid;
        this.embedDim = embedDim;
        encoder = new ResNet(depth, stages, ENCODER, layers);
        int last = depth.channels().get(stages);
        int features = depth.channels().subList(1, stages + 1).stream()
                        .mapToInt(Integer::intValue)
                        .sum()
                + last;
        norm = new LayerNorm("visual.ln_post", features, layers);
        projection = layers.weight(WeightSpec.normal("visual.proj", 1 / Math.sqrt(features), features, embedDim));
    }

    /// `[n, c, grid, grid]`: the means of all stages, then the maxima of the last.
    @Override
    public Tensor trunk(Tensor images, Mode mode) {
        if (images.dim() != 4 || images.size(1) != 3 || images.size(2) < 32 || images.size(3) < 32) {
            throw new IllegalArgumentException(
                    "this image tower takes [n, 3, h, w] of 32 pixels at least, got " + Shapes.of(images));
        }
        return NativeScope.result(() -> {
            List<Tensor> stages = encoder.forward(images, mode);
            TensorVector cells = new TensorVector();
            for (Tensor stage : stages.subList(1, stages.size())) {
                cells.push_back(torch.adaptive_avg_pool2d(stage, grid, grid));
            }
            cells.push_back(
                    torch.adaptive_max_pool2d(stages.getLast(), grid, grid).get0());
            return torch.cat(cells, 1);
        });
    }

    @Override
    public ImageFeatures head(Tensor trunk) {
        Tensor sequence = NativeScope.result(() -> {
            Tensor cells = norm.forward(trunk.flatten(2, 3).transpose(1, 2)).matmul(projection.like(trunk));
            Tensor mean = cells.mean(new long[] {1}, true, new ScalarTypeOptional());
            return torch.cat(new TensorVector(mean, cells), 1);
        });
        return ImageFeatures.ofSequence(sequence, grid, grid);
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
