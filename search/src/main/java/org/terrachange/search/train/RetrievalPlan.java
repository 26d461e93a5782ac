package org.terrachange.search.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.optim.WarmupCosine;
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
/// @param data what it learns from
/// @param objective what counts as right
/// @param schedule how long and how fast it learns
/// @param mode where and in which number format it computes
/// @param seed of the first weights and of every example
/// @param windowMetres side of the ground that every image shows, for the model's card
/// @param trainingData the datasets in words, for the model's card
/// @param licence terms of use of the weights, for the card
public record RetrievalPlan(
        String name,
        SearchArchitecture architecture,
        ChangeStrategy strategy,
        ImageNormalization normalization,
        Start start,
        Data data,
        Objective objective,
        Schedule schedule,
        ComputeMode mode,
        long seed,
        OptionalDouble windowMetres,
        String trainingData,
        String licence) {

    public RetrievalPlan {
        if (windowMetres.isPresent() && !(windowMetres.getAsDouble() > 0)) {
            throw new IllegalArgumentException(
                    "the side of the ground that images show is above 0 metres, got " + windowMetres.getAsDouble());
        }
    }

    /// What a run begins from, and what of it stays as it is.
    ///
    /// @param clip weights of a whole CLIP, in any published layout
    /// @param encoder weights of a ResNet, from pretraining or from a detector
    /// @param frozen which parts do not learn
    public record Start(Optional<Path> clip, Optional<Path> encoder, FrozenParts frozen) {}

    /// What a run learns from.
    ///
    /// @param images folder of `{dataset}_{split}.h5`
    /// @param captions folder of `{dataset}_{split}_captions.json`
    /// @param sentences captions without images, in LEVIR-CC's schema, of which the split `train` teaches the
    ///     text tower
    /// @param paraphrased share of the phrases of captions that are exchanged for others of the same meaning, 0
    ///     to 1
    /// @param colour strength of the change of colours, 0 to 1
    /// @param colourings in how many colourings each pair is seen in each of its turns; 0 for another one every
    ///     time
    public record Data(
            Path images, Path captions, Optional<Path> sentences, double paraphrased, double colour, int colourings) {
        public Data {
            if (!(paraphrased >= 0 && paraphrased <= 1)) {
                throw new IllegalArgumentException(
                        "the share of phrases that are exchanged is 0 to 1, got " + paraphrased);
            }
            if (!(colour >= 0 && colour <= 1)) {
                throw new IllegalArgumentException("the strength of the change of colours is 0 to 1, got " + colour);
            }
            if (colourings < 0) {
                throw new IllegalArgumentException(
                        "the number of colourings is at least 0, for another one every time, got " + colourings);
            }
        }
    }

    /// What counts as right.
    ///
    /// @param equivalentPositives whether captions that say the same count as right answers for each other's
    ///     pairs
    /// @param reversedNegatives whether texts have to tell their pairs from the same pairs with their dates
    ///     exchanged
    /// @param unrelatedNegatives whether pairs have to tell their texts from as many sentences that are about no
    ///     change of the data
    /// @param sentenceWeight weight of the loss over sentences without images, beside 1 for the pairs
    /// @param sentenceParts how many parts of such sentences are compared with each other at each step, each of
    ///     as many as a part of pairs
    public record Objective(
            boolean equivalentPositives,
            boolean reversedNegatives,
            boolean unrelatedNegatives,
            double sentenceWeight,
            int sentenceParts) {
        public Objective {
            if (!(sentenceWeight >= 0)) {
                throw new IllegalArgumentException(
                        "the weight of sentences without images is at least 0, got " + sentenceWeight);
            }
            if (sentenceParts < 1) {
                throw new IllegalArgumentException(
                        "a step compares at least one part of sentences, got " + sentenceParts);
            }
        }
    }

    /// How long and how fast a run learns.
    ///
    /// @param batchSize pairs that are compared with each other
    /// @param partSize pairs that go through the towers at a time: less memory for a second forward pass
    /// @param epochs runs through all pairs, each with one of its captions
    /// @param validateEvery epochs between two measurements; the last epoch always ends with one
    /// @param learningRate peak of the schedule
    /// @param warmupShare share of the steps over which the rate rises, from 0 to below 1
    /// @param weightDecay of AdamW; normalisation, biases and the scale of similarities have none
    /// @param averageDecay of the moving average of weights, per step
    /// @param gradientLimit longest gradient that is applied unscaled
    public record Schedule(
            int batchSize,
            int partSize,
            int epochs,
            int validateEvery,
            double learningRate,
            double warmupShare,
            double weightDecay,
            double averageDecay,
            double gradientLimit) {
        public Schedule {
            if (batchSize < 2) {
                throw new IllegalArgumentException(
                        "pairs are told apart within a batch, so it needs at least 2, got " + batchSize);
            }
            if (partSize < 1 || batchSize % partSize != 0) {
                throw new IllegalArgumentException(
                        "the part size must divide the batch size of " + batchSize + ", got " + partSize);
            }
            if (epochs < 1 || validateEvery < 1) {
                throw new IllegalArgumentException("a run needs at least one epoch, and one at least between two"
                        + " measurements, got " + epochs + " and " + validateEvery);
            }
            WarmupCosine.requireUsable(learningRate, warmupShare);
            if (!(weightDecay >= 0)) {
                throw new IllegalArgumentException("the weight decay is at least 0, got " + weightDecay);
            }
            if (!(averageDecay >= 0 && averageDecay < 1)) {
                throw new IllegalArgumentException(
                        "the decay of the average of weights is from 0 to below 1, got " + averageDecay);
            }
        }

        /// Parts of a batch.
        public int parts() {
            return batchSize / partSize;
        }
    }
}
