package org.terrachange.detect.train;

import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.data.loader.PairStore;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairImages;
import org.terrachange.detect.evaluate.PixelScores;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;

/// Scores a network in training on whole validation images.
final class Validator {
    private final ChangeNetwork network;
    private final ImageNormalization normalization;
    private final ComputeMode mode;

    Validator(ChangeNetwork network, ImageNormalization normalization, ComputeMode mode) {
        this.network = network;
        this.normalization = normalization;
        this.mode = mode;
    }

    /// Pooled over all pairs. Images are taken whole.
    ///
    /// @throws DatasetException if a side of an image is no multiple of 32 pixels
    PixelScores score(List<PairStore> datasets) throws IOException {
        PixelScores scores = new PixelScores();
        for (PairStore store : datasets) {
            for (int i = 0; i < store.size(); i++) {
                PairImages pair = store.images(i);
                requireSize(store.pair(i), pair);
                scores.add(probabilities(pair), pair.change());
            }
        }
        return scores;
    }

    private static void requireSize(LabelledPair files, PairImages pair) throws DatasetException {
        int multiple = ChangeNetwork.SIZE_MULTIPLE;
        if (pair.width() % multiple != 0 || pair.height() % multiple != 0) {
            throw new DatasetException(
                    files.before(),
                    "has " + pair.width() + "x" + pair.height()
                            + " pixels; sides of validation images must be multiples of " + multiple + ": crop them");
        }
    }

    private float[] probabilities(PairImages pair) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor before = normalization.apply(pair.before(), 1, pair.height(), pair.width(), mode);
            Tensor after = normalization.apply(pair.after(), 1, pair.height(), pair.width(), mode);
            Tensor probability = network.forward(before, after, Mode.INFERENCE)
                    .to(torch.ScalarType.Float)
                    .sigmoid();
            if (network.outputStride() > 1) {
                probability = torch.upsample_bilinear2d(probability, new long[] {pair.height(), pair.width()}, false);
            }
            float[] values = new float[pair.width() * pair.height()];
            probability.cpu().contiguous().data_ptr_float().get(values);
            return values;
        }
    }
}
