package org.terrachange.detect.pretrain;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.views.Positives;
import org.terrachange.data.views.ViewSettings;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.optim.OptimizerChoice;
import org.terrachange.nn.optim.WarmupCosine;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.training.Pace;

/// Everything that decides the outcome of a pretraining run.
///
/// @param encoder depth of the ResNet
/// @param normalization of its inputs, which the encoder's file passes on to whoever fine-tunes it
/// @param images folders of images without labels
/// @param positives what counts as two views of one thing
/// @param views how views vary
/// @param window width and height in pixels of the part of an image that both views are drawn from; 0 for whole
///     images
/// @param batchSize things a step, each of which gives two views
/// @param partSize things that go through the network at a time, a divisor of the batch size: less memory for a
///     second forward pass; batch normalisation sees one part
/// @param temperature of the loss
/// @param optimizer how the network learns
/// @param learningRate peak of the schedule
/// @param weightDecay of the optimizer
/// @param warmupShare share of the steps over which the rate rises, from 0 to below 1
/// @param samples things in the whole run
/// @param samplesPerEpoch things between two entries of the log
/// @param probe labelled pairs to measure the encoder on as it learns; the network never learns from them
/// @param mode where and in which number format it computes
/// @param seed of the first weights and of every view
public record PretrainingPlan(
        ResNet.Depth encoder,
        ImageNormalization normalization,
        List<Path> images,
        Positives positives,
        ViewSettings views,
        int window,
        int batchSize,
        int partSize,
        double temperature,
        OptimizerChoice optimizer,
        double learningRate,
        double weightDecay,
        double warmupShare,
        long samples,
        long samplesPerEpoch,
        Optional<Probe.Sets> probe,
        ComputeMode mode,
        long seed) {
    /// Where the rate ends, as a share of its peak.
    private static final double FLOOR = 0.001;

    public PretrainingPlan {
        images = List.copyOf(images);
        if (images.isEmpty()) {
            throw new IllegalArgumentException("pretraining needs at least one folder of images");
        }
        if (batchSize < 2) {
            throw new IllegalArgumentException(
                    "views are told apart within a batch, so it needs at least 2 images, got " + batchSize);
        }
        if (partSize < 1 || batchSize % partSize != 0) {
            throw new IllegalArgumentException(
                    "the part size must divide the batch size of " + batchSize + ", got " + partSize);
        }
        if (samples < batchSize || samplesPerEpoch < batchSize) {
            throw new IllegalArgumentException("a run and an epoch need at least one batch of " + batchSize
                    + " images, got " + samples + " and " + samplesPerEpoch);
        }
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("the temperature must be above 0, got " + temperature);
        }
        // Says what is wrong now rather than when the network stands.
        pace(learningRate, warmupShare, samples / batchSize, samplesPerEpoch / batchSize);
    }

    private static Pace pace(double rate, double warmupShare, long steps, long stepsPerEpoch) {
        return new Pace(WarmupCosine.over(steps, rate, warmupShare, FLOOR), stepsPerEpoch, Pace.UNLIMITED);
    }

    /// How long and how fast the run learns.
    public Pace pace() {
        return pace(learningRate, warmupShare, steps(), stepsPerEpoch());
    }

    public long steps() {
        return samples / batchSize;
    }

    public long stepsPerEpoch() {
        return samplesPerEpoch / batchSize;
    }

    public int parts() {
        return batchSize / partSize;
    }
}
