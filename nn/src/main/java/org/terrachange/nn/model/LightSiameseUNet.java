package org.terrachange.nn.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.layer.ConvFactory;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.NativeScope;

/// The layout `terrachange-lite`: feature differences at four scales, decoded by one narrow, batch-normalised 3x3
/// convolution a scale. The encoder's last stage is left out: it holds three quarters of a ResNet-18's
/// weights, sees cells of 32 pixels, and buildings are smaller than that. The head predicts the 2x2 pixels
/// under each half-resolution cell and rearranges them
/// (sub-pixel convolution, Shi et al. 2016), so that outlines are decided at full resolution at half the cost.
///
/// Normalising the decoder lets the network train from scratch at a high rate, where the plain decoder of
/// `terrachange-v1` needs a pretrained encoder.
public final class LightSiameseUNet implements ChangeNetwork {
    private static final List<Integer> WIDTHS = List.of(96, 64, 48);

    private static final int STAGES = 3;

    private final SiameseEncoder encoder;
    private final List<ConvUnit> blocks = new ArrayList<>();
    private final ConvUnit out;

    public LightSiameseUNet(ResNet.Depth depth, ConvFactory convs) {
        encoder = new SiameseEncoder(depth, STAGES, convs);
        List<Integer> channels = depth.channels();
        int in = channels.get(STAGES);
        for (int i = 0; i < WIDTHS.size(); i++) {
            String name = "up" + (STAGES - i) + ".";
            int width = WIDTHS.get(i);
            blocks.add(convs.make(
                    ConvSpec.normalised(name + "0", name + "1", in + channels.get(STAGES - 1 - i), width, 3, 1, true)));
            in = width;
        }
        out = convs.make(ConvSpec.biased("out", in, 4, 3, false));
    }

    @Override
    public Tensor forward(Tensor before, Tensor after, Mode mode) {
        List<Tensor> d = encoder.differences(before, after, mode);
        Tensor y = d.getLast();
        for (int i = 0; i < blocks.size(); i++) {
            Tensor deep = y;
            Tensor skip = d.get(STAGES - 1 - i);
            ConvUnit block = blocks.get(i);
            y = NativeScope.result(() -> {
                Tensor up = torch.upsample_bilinear2d(deep, new long[] {skip.size(2), skip.size(3)}, false);
                return block.forward(torch.cat(new TensorVector(up, skip), 1), mode);
            });
            deep.close();
            skip.close();
        }
        return torch.pixel_shuffle(out.forward(y, mode), 2);
    }

    @Override
    public int outputStride() {
        return 1;
    }
}
