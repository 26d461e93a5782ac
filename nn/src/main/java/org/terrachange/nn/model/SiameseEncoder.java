package org.terrachange.nn.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.layer.ConvFactory;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.NativeScope;

/// One encoder for both dates, and the absolute difference of what it sees in them.
final class SiameseEncoder {
    private final ResNet encoder;

    SiameseEncoder(ResNet.Depth depth, int stages, ConvFactory convs) {
        encoder = new ResNet(depth, stages, "encoder.", convs);
    }

    /// `|f1_k - f2_k|` at strides 2, 4, 8, ...: one more than the encoder has stages.
    List<Tensor> differences(Tensor before, Tensor after, Mode mode) {
        long pairs = before.size(0);
        // One pass over both dates keeps the matrix products large; batch statistics then cover both dates as well.
        Tensor both = torch.cat(new TensorVector(before, after), 0);
        List<Tensor> differences = new ArrayList<>(5);
        for (Tensor feature : encoder.forward(both, mode)) {
            differences.add(NativeScope.result(() -> {
                // The backward pass of split joins the two gradients; that of narrow would pad each with zeros first.
                TensorVector dates = feature.split(pairs, 0);
                Tensor difference = dates.get(0).sub(dates.get(1));
                difference.abs_();
                return difference;
            }));
            feature.close();
        }
        return differences;
    }
}
