package org.terrachange.search.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.search.model.SearchArchitecture;

/// Everything that decides the outcome of a training run of a search model.
///
/// @param name what the model shall be called
/// @param architecture shapes of the towers
/// @param strategy how the two dates become one vector
/// @param normalization of the images
/// @param start what the run begins from
/// @param images folder of `{dataset}_{split}.h5`
/// @param captions folder of `{dataset}_{split}_captions.json`
/// @param trainingData the datasets in words, for the model's card
/// @param licence terms of use of the weights, for the card
/// @param colour strength of the change of colours, 0 to 1
/// @param equivalentPositives whether captions that say the same count as right answers for each other's pairs
/// @param batchSize pairs that are compared with each other
/// @param partSize pairs that go through the towers at a time: less memory for a second forward pass
/// @param epochs runs through all pairs, each with one of its captions
/// @param learningRate peak of the schedule
/// @param warmupShare share of the steps over which the rate rises
/// @param weightDecay of AdamW; normalisation, biases and the scale of similarities have none
/// @param averageDecay of the moving average of weights, per step
/// @param gradientLimit longest gradient that is applied unscaled
/// @param mode where and in which number format it computes
/// @param seed of the first weights and of every example
public record RetrievalPlan(
        String name,
        SearchArchitecture architecture,
        ChangeStrategy strategy,
        ImageNormalization normalization,
        Start start,
        Path images,
        Path captions,
        String trainingData,
        String licence,
        double colour,
        boolean equivalentPositives,
        int batchSize,
        int partSize,
        int epochs,
        double learningRate,
        double warmupShare,
        double weightDecay,
        double averageDecay,
        double gradientLimit,
        ComputeMode mode,
        long seed) {

    public RetrievalPlan {
        if (batchSize < 2) {
            throw new IllegalArgumentException(
                    "pairs are told apart within a batch, so it needs at least 2, got " + batchSize);
        }
        if (partSize < 1 || batchSize % partSize != 0) {
            throw new IllegalArgumentException(
                    "the part size must divide the batch size of " + batchSize + ", got " + partSize);
        }
        if (epochs < 1) {
            throw new IllegalArgumentException("a run needs at least one epoch, got " + epochs);
        }
    }

    /// What a run begins from, and what of it stays as it is.
    ///
    /// @param clip weights of a whole CLIP, in any published layout
    /// @param encoder weights of a ResNet, from pretraining or from a detector
    /// @param frozen which parts do not learn
    public record Start(Optional<Path> clip, Optional<Path> encoder, FrozenParts frozen) {}

    public int parts() {
        return batchSize / partSize;
    }
}
