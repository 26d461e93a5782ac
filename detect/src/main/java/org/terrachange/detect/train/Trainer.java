package org.terrachange.detect.train;

import java.io.IOException;
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
import org.terrachange.data.loader.MemoryBudget;
import org.terrachange.data.loader.PairStore;
import org.terrachange.data.loader.Prefetcher;
import org.terrachange.data.pairs.PairFolder;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.evaluate.PixelScores;
import org.terrachange.detect.evaluate.ReliabilityPlot;
import org.terrachange.detect.evaluate.ScoreHistogram;
import org.terrachange.detect.model.Calibration;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.detect.model.ModelWeights;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.loss.ChangeLoss;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.optim.Optimizer;
import org.terrachange.nn.optim.WeightAverage;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.training.Learner;
import org.terrachange.nn.training.RunFolder;
import org.terrachange.nn.training.Stretch;
import org.terrachange.nn.training.TrainingLoop;

/// Trains a change detector.
///
/// The output folder receives `best.safetensors` (the averaged weights of the epoch with the highest
/// validation F1, with card and threshold), `last.safetensors`, `metrics.jsonl`, `curves.png` and
/// `state.safetensors`. Started again with the same plan and folder, an interrupted run goes
/// on from its last state and
/// ends with the same weights as one that was never interrupted.
public final class Trainer {
    /// Part of the heap that keeps decoded images; the rest is for batches, files and all else.
    private static final double DECODED_SHARE = 0.5;

    /// How much each coarse answer counts beside the logits themselves.
    private static final double COARSE_WEIGHT = 0.3;

    private final TrainingPlan plan;
    private final Path folder;
    private final Team team;
    private final TrainingListener listener;

    /// Who trains.
    ///
    /// @param group the processes that share every batch
    /// @param synchronised whether batches are normalised over the examples of all processes, as one process would
    ///     do it, or over each process's own
    public record Team(ProcessGroup group, boolean synchronised) {
        /// A single process.
        public static final Team ALONE = new Team(ProcessGroup.alone(), true);

        private ProcessGroup normalising() {
            return synchronised ? group : ProcessGroup.alone();
        }
    }

    /// @param folder where results go; created if needed
    public Trainer(TrainingPlan plan, Path folder, TrainingListener listener) {
        this(plan, folder, Team.ALONE, listener);
    }

    /// @param folder where results go; created if needed
    /// @param listener hears of steps in every process, of validations in the first
    public Trainer(TrainingPlan plan, Path folder, Team team, TrainingListener listener) {
        this.plan = plan;
        this.folder = folder;
        this.team = team;
        this.listener = listener;
    }

    /// Runs to the end of the plan.
    ///
    /// @return the card of the best weights, in the first process
    /// @throws IllegalArgumentException if the processes cannot share a batch equally
    /// @throws org.terrachange.nn.checkpoint.CheckpointException if another run is writing to the folder
    public Optional<ModelCard> run() throws IOException, InterruptedException {
        MemoryBudget memory = MemoryBudget.ofHeap(DECODED_SHARE);
        List<PairStore> train = stores(plan.train(), memory);
        List<PairStore> validation = stores(plan.validation(), memory);
        try (RunFolder _ = RunFolder.hold(folder, team.group());
                Parameters parameters = new Parameters()) {
            ChangeNetwork network = plan.layout().build(new TrainableConvs(parameters, team.normalising()));
            parameters.allocate(plan.seed(), plan.mode().device());
            StartingWeights.load(plan.start(), parameters);
            LayerRates rates = LayerRates.of(
                    parameters.all().stream().map(Parameter::name).toList(),
                    plan.start().layerDecay());
            try (Optimizer optimizer = plan.optimizer()
                            .over(
                                    parameters,
                                    plan.weightDecay(),
                                    p -> rates.share(p.name()),
                                    plan.mode().precision());
                    WeightAverage average = new WeightAverage(parameters, plan.averageDecay())) {
                TrainingLoop.Learning learning = new TrainingLoop.Learning(parameters, optimizer, Optional.of(average));
                return new Run(validation, learning, network).over(train);
            }
        }
    }

    private static List<PairStore> stores(List<TrainingPlan.Split> splits, MemoryBudget memory) throws IOException {
        List<PairStore> stores = new ArrayList<>();
        for (TrainingPlan.Split split : splits) {
            stores.add(new PairStore(PairFolder.read(split.folder(), split.split()), memory));
        }
        return stores;
    }

    /// One run over open data.
    private final class Run implements Learner<Batch> {
        private final List<PairStore> validation;
        private final Parameters parameters;
        private final ChangeNetwork network;
        private final Validator validator;
        private final TrainingLoop loop;
        private final Optional<MetricsLog<MetricsLog.Point>> log;

        Run(List<PairStore> validation, TrainingLoop.Learning learning, ChangeNetwork network) throws IOException {
            this.validation = validation;
            this.parameters = learning.parameters();
            this.network = network;
            validator = new Validator(network, plan.normalization(), plan.mode());
            loop = new TrainingLoop(
                    learning,
                    plan.pace(),
                    new TrainingLoop.StateFile(folder.resolve("state.safetensors"), plan.toString()),
                    team.group());
            log = team.group().first()
                    ? Optional.of(new MetricsLog<>(folder, loop.step(), MetricsLog.Point.class))
                    : Optional.empty();
        }

        Optional<ModelCard> over(List<PairStore> train) throws IOException, InterruptedException {
            List<CropStream.Source> sources = new ArrayList<>();
            for (int i = 0; i < train.size(); i++) {
                sources.add(new CropStream.Source(
                        train.get(i), plan.augmentation(plan.train().get(i))));
            }
            CropStream crops = new CropStream(sources, plan.cropSize(), plan.seed());
            try (Prefetcher<Batch> batches = new Prefetcher<>(
                    crops,
                    loop.step() * plan.batchSize(),
                    plan.batchSize(),
                    team.group().share(),
                    1)) {
                loop.run(batches, this);
            }
            return team.group().first()
                    ? Optional.of(ModelWeights.card(folder.resolve("best.safetensors")))
                    : Optional.empty();
        }

        @Override
        public double gradients(Batch batch, Runnable lastPass) {
            return Trainer.this.gradients(network, batch, lastPass);
        }

        @Override
        public void stepped(long step, double loss, double learningRate) {
            listener.step(step, plan.steps(), loss, learningRate);
        }

        @Override
        public double measured(Stretch stretch, double best) throws IOException, InterruptedException {
            PixelScores scores = validator.score(validation);
            ModelCard card = card(scores, stretch.step());
            Confusion confusion = scores.histogram().at(scores.histogram().bestThreshold());
            if (confusion.f1() > best) {
                ModelWeights.write(folder.resolve("best.safetensors"), parameters, card);
                ReliabilityPlot.draw(scores.reliability(), card.calibration(), folder.resolve("reliability.png"));
            }
            ModelWeights.write(folder.resolve("last.safetensors"), parameters, card);
            log.orElseThrow().append(point(stretch, scores));
            Curves.draw(log.orElseThrow().points(), folder.resolve("curves.png"));
            listener.epoch(stretch.step(), confusion, card.threshold(), stretch.waitedShare());
            return Math.max(best, confusion.f1());
        }
    }

    /// Forward and backward over one batch.
    ///
    /// @return the loss
    private double gradients(ChangeNetwork network, Batch batch, Runnable lastPass) {
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
            Tensor loss = ChangeLoss.of(logits, target, team.group());
            for (Tensor coarse : answers.subList(1, answers.size())) {
                Tensor share = torch.adaptive_avg_pool2d(target, new long[] {coarse.size(2), coarse.size(3)});
                loss = loss.add(ChangeLoss.of(coarse.to(ScalarType.Float), share, team.group())
                        .mul(new Scalar(COARSE_WEIGHT)));
            }
            lastPass.run();
            loss.backward();
            return loss.item_double();
        }
    }

    private MetricsLog.Point point(Stretch stretch, PixelScores scores) {
        double threshold = scores.histogram().bestThreshold();
        Confusion best = scores.histogram().at(threshold);
        return new MetricsLog.Point(
                stretch.step(),
                stretch.step() * plan.batchSize(),
                stretch.learningRate(),
                stretch.loss(),
                threshold,
                best.precision(),
                best.recall(),
                best.f1(),
                best.iou(),
                scores.histogram().at(0.5).f1(),
                stretch.waitedShare());
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
                // No nearer to certainty than evaluation tells thresholds apart.
                Math.clamp(
                        calibration.probability(Math.log(threshold / (1 - threshold))),
                        ScoreHistogram.RESOLUTION,
                        1 - ScoreHistogram.RESOLUTION),
                calibration,
                plan.minGsd(),
                plan.maxGsd(),
                plan.trainingData(),
                plan.licence(),
                metrics);
    }
}
