package org.terrachange.nn.model;

import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.tensor.Initializer;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// A ResNet encoder under the projection head of SimCLR (Chen et al. 2020): mean over positions, a hidden layer
/// of 2048 with batch normalisation and ReLU, and 128 outputs. Neither layer has a bias, as in the authors'
/// program. The encoder is what pretraining is for; the head is thrown away.
///
/// Parameter names: `encoder.*` as torchvision's, `head.0.weight`, `head.1.*` and `head.3.weight`.
public final class SimClrNetwork {
    /// Values of an embedding.
    public static final int OUTPUT = 128;

    private static final int HIDDEN = 2048;
    private static final int STAGES = 4;

    private final ResNet encoder;
    private final ConvUnit hidden;
    private final Parameter output;

    /// @param parameters receives the network's, not yet allocated
    public SimClrNetwork(ResNet.Depth depth, Parameters parameters) {
        this(depth, parameters, ProcessGroup.alone());
    }

    /// @param parameters receives the network's, not yet allocated
    /// @param batch the processes over whose examples batches are normalised
    public SimClrNetwork(ResNet.Depth depth, Parameters parameters, ProcessGroup batch) {
        TrainableConvs convs = new TrainableConvs(parameters, batch);
        encoder = new ResNet(depth, STAGES, "encoder.", convs);
        int features = depth.channels().getLast();
        hidden = convs.make(ConvSpec.normalised("head.0", "head.1", features, HIDDEN, 1, 1, true));
        output = parameters.declare(
                "head.3.weight", Parameter.Kind.WEIGHT, new Initializer.HeNormal(HIDDEN), OUTPUT, HIDDEN);
    }

    /// What the encoder says of each image as a whole, before the head.
    ///
    /// @param images `[n, 3, h, w]`, normalised
    /// @return `[n, c]`, float32, the mean over positions of the last stage: c is 2048 for a ResNet-50, 512 for a
    ///     ResNet-18
    public Tensor features(Tensor images, Mode mode) {
        return NativeScope.result(() -> pooled(images, mode).flatten(1, -1));
    }

    /// The embeddings that the contrastive loss compares.
    ///
    /// @param images `[n, 3, h, w]`, normalised
    /// @return `[n, 128]`, float32, of any length
    public Tensor embeddings(Tensor images, Mode mode) {
        return NativeScope.result(() -> {
            Tensor x = hidden.forward(pooled(images, mode), mode);
            return x.flatten(1, -1).matmul(output.tensor().t());
        });
    }

    /// `[n, c, 1, 1]`: from here on in float32, whose digits the loss needs and whose cost is nothing here.
    private Tensor pooled(Tensor images, Mode mode) {
        List<Tensor> stages = encoder.forward(images, mode);
        Tensor last = stages.getLast().to(ScalarType.Float);
        stages.forEach(Tensor::close);
        return last.mean(new long[] {2, 3}, true, new ScalarTypeOptional());
    }
}
