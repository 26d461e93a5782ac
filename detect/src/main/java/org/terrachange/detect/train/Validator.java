package org.terrachange.detect.train;

import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.data.loader.PairStore;
import org.terrachange.detect.evaluate.Evaluator;
import org.terrachange.detect.evaluate.PixelScores;
import org.terrachange.detect.evaluate.Protocol;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;

/// Scores a network in training on whole validation images, uncalibrated.
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
    /// @throws InterruptedException if the calling thread is interrupted
    PixelScores score(List<PairStore> datasets) throws IOException, InterruptedException {
        Evaluator evaluator = new Evaluator(this::probabilities, Protocol.WHOLE);
        PixelScores scores = new PixelScores();
        for (PairStore store : datasets) {
            for (int i = 0; i < store.size(); i++) {
                evaluator.add(store.images(i), scores);
            }
        }
        return scores;
    }

    private float[] probabilities(byte[] before, byte[] after, int count, int height, int width) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor first = normalization.apply(before, count, height, width, mode);
            Tensor second = normalization.apply(after, count, height, width, mode);
            Tensor probability = network.forward(first, second, Mode.INFERENCE)
                    .to(torch.ScalarType.Float)
                    .sigmoid();
            if (network.outputStride() > 1) {
                probability = torch.upsample_bilinear2d(probability, new long[] {height, width}, false);
            }
            float[] values = new float[count * height * width];
            probability.cpu().contiguous().data_ptr_float().get(values);
            return values;
        }
    }
}
