package org.terrachange.detect.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.data.augment.Augmentation;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.optim.OptimizerChoice;
import org.terrachange.nn.optim.WarmupCosine;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.training.Pace;

/// Everything that decides the outcome of a training run.
///
/// @param name what the model shall be called
/// @param layout shape of the network
/// @param normalization of its inputs
/// @param start what the run begins from
/// @param train folders of labelled pairs to learn from
/// @param validation folders of labelled pairs to choose the best weights and threshold on
/// @param trainingData the datasets in words, for the model's card
/// @param licence terms of use of the weights, for the card
/// @param minGsd finest ground sampling distance that the model is meant for, in metres a pixel
/// @param maxGsd coarsest one
/// @param augmentation how crops vary; its scales count for data of unknown ground sampling distance
/// @param cropSize width and height of a crop, a multiple of 32
/// @param batchSize crops a step
/// @param samples crops in the whole run
/// @param samplesPerEpoch crops between two validations
/// @param learningRate peak of the schedule
/// @param warmupShare share of the steps over which the rate rises, from 0 to below 1
/// @param optimizer AdamW or Muon
/// @param weightDecay of the optimizer
/// @param averageDecay of the moving average of weights, per step
/// @param gradientLimit longest gradient that is applied unscaled
/// @param mode where and in which number format it computes
/// @param seed of the first weights and of every crop
public record TrainingPlan(
        String name,
        ChangeLayout layout,
        ImageNormalization normalization,
        Start start,
        List<Split> train,
        List<Split> validation,
        String trainingData,
        String licence,
        double minGsd,
        double maxGsd,
        Augmentation augmentation,
        int cropSize,
        int batchSize,
        long samples,
        long samplesPerEpoch,
        double learningRate,
        double warmupShare,
        OptimizerChoice optimizer,
        double weightDecay,
        double averageDecay,
        double gradientLimit,
        ComputeMode mode,
        long seed) {
    /// Where the rate ends, as a share of its peak.
    private static final double FLOOR = 0.01;

    public TrainingPlan {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        if (cropSize < 32 || cropSize % 32 != 0) {
            throw new IllegalArgumentException("the crop size must be a positive multiple of 32, got " + cropSize);
        }
        if (batchSize < 1 || samples < batchSize) {
            throw new IllegalArgumentException(
                    "a run needs at least one batch: batch size " + batchSize + ", samples " + samples);
        }
        if (samplesPerEpoch < batchSize) {
            throw new IllegalArgumentException(
                    "an epoch needs at least one batch of " + batchSize + ", got " + samplesPerEpoch + " samples");
        }
        if (train.isEmpty() || validation.isEmpty()) {
            throw new IllegalArgumentException("training needs at least one training and one validation folder");
        }
        // Both say what is wrong now rather than after the first epoch.
        new GsdRange(minGsd, maxGsd);
        pace(learningRate, warmupShare, samples / batchSize, samplesPerEpoch / batchSize, gradientLimit);
    }

    private static Pace pace(double rate, double warmupShare, long steps, long stepsPerEpoch, double gradientLimit) {
        return new Pace(WarmupCosine.over(steps, rate, warmupShare, FLOOR), stepsPerEpoch, gradientLimit);
    }

    /// How long and how fast the run learns.
    public Pace pace() {
        return pace(learningRate, warmupShare, steps(), stepsPerEpoch(), gradientLimit);
    }

    /// What a run begins from and how fast the encoder may leave it.
    ///
    /// @param weights of a whole network of the same layout
    /// @param encoder a pretrained encoder; the rest begins at random
    /// @param freezeEncoder whether the encoder stays as it is, the statistics of its normalisation included
    /// @param layerDecay share of the learning rate that each stage of the encoder keeps of the one above it: 1
    ///     for the same everywhere
    public record Start(Optional<Path> weights, Optional<Path> encoder, boolean freezeEncoder, double layerDecay) {
        public Start {
            if (weights.isPresent() && encoder.isPresent()) {
                throw new IllegalArgumentException(
                        "a run begins from a whole network or from an encoder, not from both");
            }
            if (!(layerDecay > 0 && layerDecay <= 1)) {
                throw new IllegalArgumentException("the layer decay lies above 0 and is at most 1, got " + layerDecay);
            }
        }

        /// Random weights.
        public static Start random() {
            return new Start(Optional.empty(), Optional.empty(), false, 1);
        }
    }

    /// A folder of labelled pairs and the split of it to use.
    ///
    /// @param gsd ground sampling distance of its images, in metres a pixel, where it is known
    public record Split(Path folder, String split, OptionalDouble gsd) {
        /// Of unknown ground sampling distance.
        public Split(Path folder, String split) {
            this(folder, split, OptionalDouble.empty());
        }
    }

    /// How crops of some of the training data vary: in metres on the ground, over the range that the model is meant
    /// for, where their ground sampling distance is known; else in pixels.
    public Augmentation augmentation(Split data) {
        return data.gsd().isPresent() ? augmentation.onGround(data.gsd().getAsDouble(), minGsd, maxGsd) : augmentation;
    }

    public long steps() {
        return samples / batchSize;
    }

    public long stepsPerEpoch() {
        return samplesPerEpoch / batchSize;
    }
}
