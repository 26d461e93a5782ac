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

/// The layout `terrachange-r50`: feature differences at four scales, each narrowed by a 1x1 convolution as in a
/// feature pyramid (Lin et al. 2017), then decoded by one normalised 3x3 convolution a scale. A bottleneck
/// ResNet's features are wide; a decoder that takes them as they are costs more than the encoder and learns no
/// better.
///
/// The encoder's last stage is left out: it holds 15 of 23.5 million weights and sees cells of 32 pixels, and
/// buildings are smaller than that. Self-supervised pretraining shapes it most of all to its own task, as it
/// does the head above it, which is thrown away as well. The head predicts the 2x2 pixels under each
/// half-resolution cell and rearranges them (sub-pixel convolution, Shi et al. 2016).
public final class PyramidSiameseUNet implements ChangeNetwork {
    private static final int STAGES = 3;

    /// Channels of the narrowed differences at strides 4, 8, 16; the stem's 64 at stride 2 are taken as they are.
    private static final List<Integer> LATERAL = List.of(64, 96, 128);

    /// Channels of the decoder at strides 8, 4, 2.
    private static final List<Integer> WIDTHS = List.of(96, 64, 48);

    private final SiameseEncoder encoder;
    private final List<ConvUnit> laterals = new ArrayList<>();
    private final List<ConvUnit> blocks = new ArrayList<>();
    private final List<ConvUnit> coarse;
    private final ConvUnit out;

    public PyramidSiameseUNet(ResNet.Depth depth, ConvFactory convs) {
        encoder = new SiameseEncoder(depth, STAGES, convs);
        List<Integer> channels = depth.channels();
        for (int i = 0; i < STAGES; i++) {
            String name = "lateral" + (i + 1) + ".";
            laterals.add(convs.make(
                    ConvSpec.normalised(name + "0", name + "1", channels.get(i + 1), LATERAL.get(i), 1, 1, true)));
        }
        int in = LATERAL.getLast();
        for (int i = 0; i < WIDTHS.size(); i++) {
            String name = "up" + (STAGES - i) + ".";
            int skip = i < STAGES - 1 ? LATERAL.get(STAGES - 2 - i) : channels.getFirst();
            blocks.add(convs.make(ConvSpec.normalised(name + "0", name + "1", in + skip, WIDTHS.get(i), 3, 1, true)));
            in = WIDTHS.get(i);
        }
        coarse = List.of(
                convs.make(ConvSpec.biased("coarse2", WIDTHS.get(1), 1, 1, false)),
                convs.make(ConvSpec.biased("coarse3", WIDTHS.get(0), 1, 1, false)));
        out = convs.make(ConvSpec.biased("out", in, 4, 3, false));
    }

    @Override
    public Tensor forward(Tensor before, Tensor after, Mode mode) {
        List<Tensor> decoded = decoded(before, after, mode);
        decoded.subList(0, 2).forEach(Tensor::close);
        return torch.pixel_shuffle(out.forward(decoded.getLast(), mode), 2);
    }

    /// Besides the logits, those at strides 4 and 8.
    @Override
    public List<Tensor> supervised(Tensor before, Tensor after) {
        Mode mode = Mode.TRAINING;
        List<Tensor> decoded = decoded(before, after, mode);
        return List.of(
                torch.pixel_shuffle(out.forward(decoded.getLast(), mode), 2),
                coarse.get(0).forward(decoded.get(1), mode),
                coarse.get(1).forward(decoded.get(0), mode));
    }

    /// What the decoder holds at strides 8, 4 and 2.
    private List<Tensor> decoded(Tensor before, Tensor after, Mode mode) {
        List<Tensor> d = encoder.differences(before, after, mode);
        List<Tensor> skips = new ArrayList<>();
        skips.add(d.getFirst());
        for (int i = 0; i < STAGES; i++) {
            Tensor wide = d.get(i + 1);
            ConvUnit lateral = laterals.get(i);
            skips.add(NativeScope.result(() -> lateral.forward(wide, mode)));
            wide.close();
        }
        List<Tensor> decoded = new ArrayList<>();
        Tensor deep = skips.getLast();
        for (int i = 0; i < blocks.size(); i++) {
            Tensor in = deep;
            Tensor skip = skips.get(STAGES - 1 - i);
            ConvUnit block = blocks.get(i);
            deep = NativeScope.result(() -> {
                Tensor up = torch.upsample_bilinear2d(in, new long[] {skip.size(2), skip.size(3)}, false);
                return block.forward(torch.cat(new TensorVector(up, skip), 1), mode);
            });
            skip.close();
            decoded.add(deep);
        }
        skips.getLast().close();
        return decoded;
    }

    @Override
    public int outputStride() {
        return 1;
    }
}
