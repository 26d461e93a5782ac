package org.terrachange.detect.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.data.loader.Batch;
import org.terrachange.data.loader.CropStream;
import org.terrachange.data.loader.PairStore;
import org.terrachange.data.loader.Prefetcher;
import org.terrachange.data.pairs.PairFolder;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.evaluate.PixelScores;
import org.terrachange.detect.evaluate.ReliabilityPlot;
import org.terrachange.detect.model.Calibration;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.detect.model.ModelWeights;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.loss.ChangeLoss;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.optim.AdamW;
import org.terrachange.nn.optim.WarmupCosine;
import org.terrachange.nn.optim.WeightAverage;
import org.terrachange.nn.tensor.Parameters;

/// Trains a change detector.
///
/// The output folder receives `best.safetensors` (the averaged weights of the epoch with the highest
/// validation F1, with card and threshold), `last.safetensors`, `metrics.jsonl`, `curves.png` and, until the
/// run is complete, `state.safetensors`. Started again with the same plan and folder, an interrupted run goes
/// on from its last state and
/// ends with the same weights as one that was never interrupted.
public final class Trainer {
    private static final long DECODED_BYTES = 2L << 30;
    /// How much each coarse answer counts beside the logits themselves.
    private static final double COARSE_WEIGHT = 0.3;

    private static final long STATE_EVERY_NANOS = 120_000_000_000L;

    private final TrainingPlan plan;
    private final Path folder;
    private final TrainingListener listener;

    /// @param folder where results go; created if needed
    public Trainer(TrainingPlan plan, Path folder, TrainingListener listener) {
        this.plan = plan;
        this.folder = folder;
        this.listener = listener;
    }

    /// Runs to the end of the plan.
    ///
    /// @return the card of the best weights
    public ModelCard run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<PairStore> train = stores(plan.train());
        List<PairStore> validation = stores(plan.validation());
        try (Parameters parameters = new Parameters()) {
            ChangeNetwork network = plan.layout().build(new TrainableConvs(parameters));
            parameters.allocate(plan.seed(), plan.mode().device());
            StartingWeights.load(plan.start(), parameters);
            try (AdamW optimizer = new AdamW(
                            parameters,
                            plan.weightDecay(),
                            p -> LayerRates.share(p.name(), plan.start().layerDecay()));
                    WeightAverage average = new WeightAverage(parameters, plan.averageDecay())) {
                return loop(train, validation, parameters, network, optimizer, average);
            }
        }
    }

    private static List<PairStore> stores(List<TrainingPlan.Split> splits) throws IOException {
        List<PairStore> stores = new ArrayList<>();
        for (TrainingPlan.Split split : splits) {
            stores.add(new PairStore(PairFolder.read(split.folder(), split.split()), DECODED_BYTES / splits.size()));
        }
        return stores;
    }

    private ModelCard loop(
            List<PairStore> train,
            List<PairStore> validation,
            Parameters parameters,
            ChangeNetwork network,
            AdamW optimizer,
            WeightAverage average)
            throws IOException, InterruptedException {
        Path stateFile = folder.resolve("state.safetensors");
        TrainingState state = new TrainingState(parameters, optimizer, Optional.of(average));
        String description = plan.toString();
        double best = Files.exists(stateFile) ? state.read(stateFile, description) : -1;
        MetricsLog<MetricsLog.Point> log = new MetricsLog<>(folder, optimizer.steps(), MetricsLog.Point.class);
        Validator validator = new Validator(network, plan.normalization(), plan.mode());
        WarmupCosine schedule = new WarmupCosine(
                plan.learningRate(), Math.round(plan.warmupShare() * plan.steps()), plan.steps(), 0.01);
        CropStream crops = new CropStream(train, plan.augmentation(), plan.cropSize(), plan.seed());
        long stateWritten = System.nanoTime();
        double lossSum = 0;
        long lossCount = 0;
        try (Prefetcher<Batch> batches =
                new Prefetcher<>(crops::batch, optimizer.steps() * plan.batchSize(), plan.batchSize(), 1)) {
            long waited = 0;
            long epochBegan = System.nanoTime();
            while (optimizer.steps() < plan.steps()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                double rate = schedule.at(optimizer.steps());
                double loss = gradients(network, batches.next());
                parameters.clipGradients(plan.gradientLimit());
                optimizer.step(rate);
                average.update();
                lossSum += loss;
                lossCount++;
                listener.step(optimizer.steps(), plan.steps(), loss, rate);
                boolean epochEnds = optimizer.steps() % plan.stepsPerEpoch() == 0 || optimizer.steps() == plan.steps();
                if (epochEnds) {
                    double waitedShare = (double) (batches.waitedNanos() - waited) / (System.nanoTime() - epochBegan);
                    average.swap();
                    PixelScores scores = validator.score(validation);
                    ModelCard card = card(scores, optimizer.steps());
                    Confusion confusion =
                            scores.histogram().at(scores.histogram().bestThreshold());
                    if (confusion.f1() > best) {
                        best = confusion.f1();
                        ModelWeights.write(folder.resolve("best.safetensors"), parameters, card);
                        ReliabilityPlot.draw(
                                scores.reliability(), card.calibration(), folder.resolve("reliability.png"));
                    }
                    ModelWeights.write(folder.resolve("last.safetensors"), parameters, card);
                    average.swap();
                    log.append(point(optimizer.steps(), rate, lossSum / lossCount, scores, waitedShare));
                    Curves.draw(log.points(), folder.resolve("curves.png"));
                    listener.epoch(optimizer.steps(), confusion, card.threshold(), waitedShare);
                    lossSum = 0;
                    lossCount = 0;
                    waited = batches.waitedNanos();
                    epochBegan = System.nanoTime();
                }
                if (epochEnds || System.nanoTime() - stateWritten > STATE_EVERY_NANOS) {
                    state.write(stateFile, description, best);
                    stateWritten = System.nanoTime();
                }
            }
        }
        return ModelWeights.card(folder.resolve("best.safetensors"));
    }

    /// Forward and backward over one batch.
    ///
    /// @return the loss
    private double gradients(ChangeNetwork network, Batch batch) {
        try (var _ = new PointerScope()) {
            int n = batch.count();
            int size = batch.size();
            Tensor before = plan.normalization().apply(batch.before(), n, size, size, plan.mode());
            Tensor after = plan.normalization().apply(batch.after(), n, size, size, plan.mode());
            Tensor target = plan.mode()
                    .device()
                    .of(torch.from_blob(
                            new BytePointer(batch.change()),
                            new long[] {n, 1, size, size},
                            new TensorOptions(ScalarType.Byte)))
                    .to(ScalarType.Float);
            List<Tensor> answers = network.supervised(before, after);
            Tensor logits = answers.getFirst().to(ScalarType.Float);
            if (network.outputStride() > 1) {
                logits = torch.upsample_bilinear2d(logits, new long[] {size, size}, false);
            }
            Tensor loss = ChangeLoss.of(logits, target);
            for (Tensor coarse : answers.subList(1, answers.size())) {
                Tensor share = torch.adaptive_avg_pool2d(target, new long[] {coarse.size(2), coarse.size(3)});
                loss = loss.add(
                        ChangeLoss.of(coarse.to(ScalarType.Float), share).mul(new Scalar(COARSE_WEIGHT)));
            }
            loss.backward();
            return loss.item_double();
        }
    }

    private MetricsLog.Point point(long step, double rate, double loss, PixelScores scores, double waitedShare) {
        double threshold = scores.histogram().bestThreshold();
        Confusion best = scores.histogram().at(threshold);
        return new MetricsLog.Point(
                step,
                step * plan.batchSize(),
                rate,
                loss,
                threshold,
                best.precision(),
                best.recall(),
                best.f1(),
                best.iou(),
                scores.histogram().at(0.5).f1(),
                waitedShare);
    }

    private ModelCard card(PixelScores scores, long step) {
        double threshold = scores.histogram().bestThreshold();
        Confusion confusion = scores.histogram().at(threshold);
        Calibration calibration = scores.reliability().bestCalibration();
        Map<String, String> metrics = new TreeMap<>();
        metrics.put("val.f1", String.format(Locale.ROOT, "%.4f", confusion.f1()));
        metrics.put("val.iou", String.format(Locale.ROOT, "%.4f", confusion.iou()));
        metrics.put("val.precision", String.format(Locale.ROOT, "%.4f", confusion.precision()));
        metrics.put("val.recall", String.format(Locale.ROOT, "%.4f", confusion.recall()));
        metrics.put(
                "val.calibration_error",
                String.format(Locale.ROOT, "%.4f", scores.reliability().calibrationError(calibration)));
        metrics.put("samples", Long.toString(step * plan.batchSize()));
        return new ModelCard(
                plan.name(),
                plan.layout(),
                plan.normalization(),
                calibration.probability(Math.log(threshold / (1 - threshold))),
                calibration,
                plan.minGsd(),
                plan.maxGsd(),
                plan.trainingData(),
                plan.licence(),
                metrics);
    }
}
