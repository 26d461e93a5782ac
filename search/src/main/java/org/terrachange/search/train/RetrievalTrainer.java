package org.terrachange.search.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.data.loader.Prefetcher;
import org.terrachange.data.retrieval.RetrievalBatch;
import org.terrachange.data.retrieval.RetrievalSet;
import org.terrachange.data.retrieval.RetrievalStream;
import org.terrachange.detect.model.EncoderWeights;
import org.terrachange.detect.train.MetricsLog;
import org.terrachange.detect.train.TrainingState;
import org.terrachange.nn.clip.ClipPreprocessing;
import org.terrachange.nn.clip.ClipWeights;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.loss.GradientCache;
import org.terrachange.nn.loss.InfoNce;
import org.terrachange.nn.optim.AdamW;
import org.terrachange.nn.optim.WarmupCosine;
import org.terrachange.nn.optim.WeightAverage;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.TrainableLayers;
import org.terrachange.search.evaluate.GalleryEmbedder;
import org.terrachange.search.evaluate.Recall;
import org.terrachange.search.evaluate.RetrievalEvaluator;
import org.terrachange.search.evaluate.RetrievalEvaluator.Scope;
import org.terrachange.search.model.NetworkEmbedder;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.model.SearchCard;
import org.terrachange.search.model.SearchModel;
import org.terrachange.search.model.SearchNetwork;

/// Trains a search model by symmetric InfoNCE.
///
/// The output folder receives `clip_{strategy}_best.safetensors` (the averaged weights of the epoch with the highest mean
/// reciprocal rank on the validation pairs, with card), `clip_{strategy}_last.safetensors`, `metrics.jsonl` and
/// `state.safetensors`. Started again with the same plan and folder, an interrupted run goes on from its last state and
/// ends with the same weights as one that was never interrupted.
public final class RetrievalTrainer {
    private static final long STATE_EVERY_NANOS = 120_000_000_000L;

    /// Share of the peak at which the rate ends.
    private static final double FLOOR = 0.01;

    private final RetrievalPlan plan;
    private final Path folder;
    private final RetrievalListener listener;

    /// @param folder where results go; created if needed
    public RetrievalTrainer(RetrievalPlan plan, Path folder, RetrievalListener listener) {
        this.plan = plan;
        this.folder = folder;
        this.listener = listener;
    }

    /// The file of the best weights of a run.
    public static Path best(Path folder, RetrievalPlan plan) {
        return folder.resolve("clip_" + plan.strategy().label() + "_best.safetensors");
    }

    /// Runs to the end of the plan.
    ///
    /// @return what was measured last
    public RetrievalPoint run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (OpenSets train = new OpenSets(RetrievalSet.openAll(plan.images(), plan.captions(), "train"));
                OpenSets validation = new OpenSets(RetrievalSet.openAll(plan.images(), plan.captions(), "val"));
                Parameters parameters = new Parameters()) {
            SearchNetwork network =
                    new SearchNetwork(plan.architecture(), plan.strategy(), new TrainableLayers(parameters));
            parameters.allocate(plan.seed(), plan.mode().device());
            begin(parameters);
            try (AdamW optimizer = new AdamW(parameters, plan.weightDecay());
                    WeightAverage average = new WeightAverage(parameters, plan.averageDecay())) {
                return new Run(train.sets, validation.sets, parameters, network, optimizer, average).loop();
            }
        }
    }

    /// Sets that are closed together.
    private record OpenSets(List<RetrievalSet> sets) implements AutoCloseable {
        @Override
        public void close() {
            sets.forEach(RetrievalSet::close);
        }
    }

    private void begin(Parameters parameters) throws IOException {
        if (plan.start().clip().isPresent()) {
            if (!(plan.architecture() instanceof SearchArchitecture.Clip(var configuration))) {
                throw new IllegalArgumentException("weights of CLIP need an architecture of CLIP");
            }
            // The change encoder is no part of CLIP and begins at random.
            ClipWeights.load(
                            plan.start().clip().get(),
                            configuration,
                            parameters,
                            p -> !p.name().startsWith("change."))
                    .forEach(listener::warning);
        }
        if (plan.start().encoder().isPresent()) {
            EncoderWeights.load(plan.start().encoder().get(), parameters);
        }
        parameters.freeze(plan.start().frozen());
    }

    /// One run over open data.
    private final class Run {
        private final List<RetrievalSet> validation;
        private final Parameters parameters;
        private final SearchNetwork network;
        private final AdamW optimizer;
        private final WeightAverage average;
        private final RetrievalStream pairs;

        Run(
                List<RetrievalSet> train,
                List<RetrievalSet> validation,
                Parameters parameters,
                SearchNetwork network,
                AdamW optimizer,
                WeightAverage average) {
            this.validation = validation;
            this.parameters = parameters;
            this.network = network;
            this.optimizer = optimizer;
            this.average = average;
            pairs = new RetrievalStream(
                    train,
                    new RetrievalStream.Settings(
                            plan.architecture().imageSize(), true, plan.colour(), plan.seed()));
        }

        RetrievalPoint loop() throws IOException, InterruptedException {
            if (pairs.length() < plan.batchSize()) {
                throw new IllegalArgumentException("a batch of " + plan.batchSize() + " needs as many pairs, and there are "
                        + pairs.length() + ": give --batch-size a lower number");
            }
            long stepsPerEpoch = pairs.length() / plan.batchSize();
            long steps = stepsPerEpoch * plan.epochs();
            Path stateFile = folder.resolve("state.safetensors");
            TrainingState state = new TrainingState(parameters, optimizer, Optional.of(average));
            String description = plan.toString();
            double best = Files.exists(stateFile) ? state.read(stateFile, description) : -1;
            MetricsLog<RetrievalPoint> log = new MetricsLog<>(folder, optimizer.steps(), RetrievalPoint.class);
            WarmupCosine schedule =
                    new WarmupCosine(plan.learningRate(), Math.round(plan.warmupShare() * steps), steps, FLOOR);
            long stateWritten = System.nanoTime();
            long epochBegan = System.nanoTime();
            long waited = 0;
            double lossSum = 0;
            long lossCount = 0;
            try (Prefetcher<RetrievalBatch> batches =
                    new Prefetcher<>(pairs, optimizer.steps() * plan.batchSize(), plan.batchSize(), 1)) {
                while (optimizer.steps() < steps) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    double rate = schedule.at(optimizer.steps());
                    double loss = gradients(batches.next());
                    parameters.clipGradients(plan.gradientLimit());
                    optimizer.step(rate);
                    InfoNce.cap(parameters.get("logit_scale").tensor());
                    average.update();
                    lossSum += loss;
                    lossCount++;
                    listener.step(optimizer.steps(), steps, loss);
                    boolean epochEnds = optimizer.steps() % stepsPerEpoch == 0;
                    if (epochEnds) {
                        double waitedShare =
                                (double) (batches.waitedNanos() - waited) / (System.nanoTime() - epochBegan);
                        average.swap();
                        RetrievalPoint point = measured(
                                (int) (optimizer.steps() / stepsPerEpoch), rate, lossSum / lossCount, waitedShare);
                        if (point.mrr() > best) {
                            best = point.mrr();
                            SearchModel.write(best(folder, plan), parameters, card(point));
                        }
                        SearchModel.write(
                                folder.resolve("clip_" + plan.strategy().label() + "_last.safetensors"),
                                parameters,
                                card(point));
                        average.swap();
                        log.append(point);
                        listener.epoch(point);
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
            return log.points().getLast();
        }

        /// Forward and backward over one batch.
        ///
        /// @return the loss
        private double gradients(RetrievalBatch batch) {
            long[] groups = plan.equivalentPositives() ? batch.groups() : ownGroups(batch.count());
            return GradientCache.backward(
                    plan.parts(),
                    part -> embeddings(batch, part, Mode.REHEARSAL),
                    part -> embeddings(batch, part, Mode.TRAINING),
                    all -> InfoNce.ofPairs(all, parameters.get("logit_scale").tensor(), groups));
        }

        /// `[m, 2 d]`: the pairs of one part and their sentences.
        private Tensor embeddings(RetrievalBatch batch, int part, Mode mode) {
            int n = plan.partSize();
            int image = 3 * batch.size() * batch.size();
            Tensor changes = network.changes(
                    images(batch.before(), part * n * image, n, batch.size()),
                    images(batch.after(), part * n * image, n, batch.size()),
                    mode);
            Tensor texts = network.texts(batch.sentences().subList(part * n, (part + 1) * n), plan.mode());
            return torch.cat(new TensorVector(changes, texts), 1);
        }

        private Tensor images(byte[] all, int from, int count, int size) {
            byte[] part = new byte[count * 3 * size * size];
            System.arraycopy(all, from, part, 0, part.length);
            return plan.normalization().apply(part, count, size, size, plan.mode());
        }

        private static long[] ownGroups(int count) {
            long[] groups = new long[count];
            for (int i = 0; i < count; i++) {
                groups[i] = i;
            }
            return groups;
        }

        private RetrievalPoint measured(int epoch, double rate, double loss, double waitedShare) throws IOException {
            NetworkEmbedder embedder = new NetworkEmbedder(
                    network,
                    new ClipPreprocessing(plan.architecture().imageSize(), plan.normalization()),
                    plan.mode());
            Recall recall = new RetrievalEvaluator(
                            new GalleryEmbedder(embedder).embed(validation, (_, _) -> {}), Scope.ALL)
                    .textToChange()
                    .strict();
            double logScale = parameters.get("logit_scale").tensor().item_double();
            return new RetrievalPoint(
                    optimizer.steps(),
                    epoch,
                    rate,
                    loss,
                    Math.exp(-logScale),
                    recall.r1(),
                    recall.r5(),
                    recall.r10(),
                    recall.mrr(),
                    waitedShare);
        }

        private SearchCard card(RetrievalPoint point) {
            Map<String, String> metrics = new TreeMap<>();
            metrics.put("val.r1", String.format(Locale.ROOT, "%.4f", point.r1()));
            metrics.put("val.r5", String.format(Locale.ROOT, "%.4f", point.r5()));
            metrics.put("val.r10", String.format(Locale.ROOT, "%.4f", point.r10()));
            metrics.put("val.mrr", String.format(Locale.ROOT, "%.4f", point.mrr()));
            metrics.put("epochs", Integer.toString(point.epoch()));
            return new SearchCard(
                    plan.name(),
                    plan.architecture(),
                    plan.strategy(),
                    plan.normalization(),
                    plan.trainingData(),
                    plan.licence(),
                    metrics);
        }
    }
}
