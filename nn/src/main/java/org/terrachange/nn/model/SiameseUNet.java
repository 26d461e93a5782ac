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

/// The layout `terrachange-v1`: feature differences at five scales, decoded by four blocks of two biased 3x3
/// convolutions each (a U-Net's expanding path, Ronneberger et al. 2015).
public final class SiameseUNet implements ChangeNetwork {
    private static final List<Integer> WIDTHS = List.of(512, 256, 128, 64);

    private final SiameseEncoder encoder;
    private final List<List<ConvUnit>> blocks = new ArrayList<>();
    private final ConvUnit out;

    public SiameseUNet(ResNet.Depth depth, ConvFactory convs) {
        encoder = new SiameseEncoder(depth, 4, convs);
        List<Integer> channels = depth.channels();
        int in = channels.getLast();
        for (int i = 0; i < WIDTHS.size(); i++) {
            String name = "up" + (4 - i) + ".conv.";
            int width = WIDTHS.get(i);
            blocks.add(List.of(
                    convs.make(ConvSpec.biased(name + "0", in + channels.get(3 - i), width, 3, true)),
                    convs.make(ConvSpec.biased(name + "2", width, width, 3, true))));
            in = width;
        }
        out = convs.make(ConvSpec.biased("out", in, 1, 1, false));
    }

    @Override
    public Tensor forward(Tensor before, Tensor after, Mode mode) {
        List<Tensor> d = encoder.differences(before, after, mode);
        Tensor y = d.getLast();
        for (int i = 0; i < blocks.size(); i++) {
            Tensor deep = y;
            Tensor skip = d.get(3 - i);
            List<ConvUnit> block = blocks.get(i);
            y = NativeScope.result(() -> {
                Tensor up = torch.upsample_bilinear2d(deep, new long[] {skip.size(2), skip.size(3)}, false);
                Tensor x = torch.cat(new TensorVector(up, skip), 1);
                for (ConvUnit unit : block) {
                    x = unit.forward(x, mode);
                }
                return x;
            });
            deep.close();
            skip.close();
        }
        return out.forward(y, mode);
    }

    @Override
    public int outputStride() {
        return 2;
    }
}
