package org.terrachange.detect.train;

import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.data.loader.PairStore;
import org.terrachange.data.pairs.PairImages;
import org.terrachange.detect.evaluate.ScoreHistogram;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Precision;

/// Scores a network in training on whole validation images.
final class Validator {
    private final ChangeNetwork network;
    private final ImageNormalization normalization;
    private final Precision precision;

    Validator(ChangeNetwork network, ImageNormalization normalization, Precision precision) {
        this.network = network;
        this.normalization = normalization;
        this.precision = precision;
    }

    /// Pooled over all pairs. Images are taken whole, cut to a multiple of 32 pixels.
    ScoreHistogram score(List<PairStore> datasets) throws IOException {
        ScoreHistogram histogram = new ScoreHistogram();
        for (PairStore store : datasets) {
            for (int i = 0; i < store.size(); i++) {
                PairImages pair = store.images(i);
                histogram.add(probabilities(pair), pair.change());
            }
        }
        return histogram;
    }

    private float[] probabilities(PairImages pair) {
        if (pair.width() % ChangeNetwork.SIZE_MULTIPLE != 0 || pair.height() % ChangeNetwork.SIZE_MULTIPLE != 0) {
            throw new IllegalArgumentException("validation images must have sizes that are multiples of 32, got "
                    + pair.width() + "x" + pair.height());
        }
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor before = normalization.apply(pair.before(), 1, pair.height(), pair.width(), precision);
            Tensor after = normalization.apply(pair.after(), 1, pair.height(), pair.width(), precision);
            Tensor probability = network.forward(before, after, Mode.INFERENCE)
                    .to(torch.ScalarType.Float)
                    .sigmoid();
            if (network.outputStride() > 1) {
                probability = torch.upsample_bilinear2d(probability, new long[] {pair.height(), pair.width()}, false);
            }
            float[] values = new float[pair.width() * pair.height()];
            probability.contiguous().data_ptr_float().get(values);
            return values;
        }
    }
}
