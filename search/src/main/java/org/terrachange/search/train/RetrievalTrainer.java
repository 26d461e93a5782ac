package org.terrachange.search.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.data.captioned.LevirCaptions;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.retrieval.CaptionGroups;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.Paraphrases;
import org.terrachange.data.retrieval.RetrievalExample;
import org.terrachange.data.retrieval.RetrievalSet;
import org.terrachange.data.retrieval.RetrievalStream;
import org.terrachange.data.retrieval.SentencePairs;
import org.terrachange.data.retrieval.UnrelatedSentences;
import org.terrachange.detect.model.EncoderWeights;
import org.terrachange.detect.train.MetricsLog;
import org.terrachange.nn.clip.ClipPreprocessing;
import org.terrachange.nn.clip.ClipWeights;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.distributed.Share;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.loss.GradientCache;
import org.terrachange.nn.loss.InfoNce;
import org.terrachange.nn.optim.AdamW;
import org.terrachange.nn.optim.WarmupCosine;
import org.terrachange.nn.optim.WeightAverage;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.training.Learner;
import org.terrachange.nn.training.Pace;
import org.terrachange.nn.training.RunFolder;
import org.terrachange.nn.training.Stretch;
import org.terrachange.nn.training.TrainingLoop;
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
import org.terrachange.search.model.Vocabulary;

/// Trains a search model by symmetric InfoNCE.
///
/// The output folder receives `clip_{strategy}_best.safetensors` (the averaged weights of the epoch with the
/// highest mean reciprocal rank on the validation pairs, with card), `clip_{strategy}_last.safetensors`,
/// `metrics.jsonl` and `state.safetensors`. Started again with the same plan and folder, an interrupted run
/// goes on from its last state and ends with the same weights as one that was never interrupted.
public final class RetrievalTrainer {
    /// Share of the peak at which the rate ends.
    private static final double FLOOR = 0.01;

    private final RetrievalPlan plan;
    private final Path folder;
    private final Workplace workplace;
    private final RetrievalListener listener;

    /// What a run works with that does not touch its outcome.
    ///
    /// @param workers threads that prepare images
    /// @param trunks folder in which what a frozen trunk says is kept for this run and others; where there is
    ///     none, every image goes through the trunk every time
    /// @param group the processes that share every batch
    public record Workplace(int workers, Optional<Path> trunks, ProcessGroup group) {
        public Workplace {
            if (workers < 1) {
                throw new IllegalArgumentException("images need at least one thread to prepare them, got " + workers);
            }
        }
    }

    /// @param folder where results go; created if needed
    /// @throws IllegalArgumentException where what the trunk says cannot be kept: if it learns, or if no image
    ///     of a pair ever comes again
    public RetrievalTrainer(RetrievalPlan plan, Path folder, Workplace workplace, RetrievalListener listener) {
        if (workplace.trunks().isPresent() && !plan.start().frozen().trunk()) {
            throw new IllegalArgumentException("what the trunk says can be kept only where the whole trunk is frozen");
        }
        if (workplace.trunks().isPresent() && plan.data().colourings() == RetrievalStream.Settings.ENDLESS) {
            throw new IllegalArgumentException(
                    "what the trunk says can be kept of a fixed number of colourings only: give one of at least 1");
        }
        this.plan = plan;
        this.folder = folder;
        this.workplace = workplace;
        this.listener = listener;
    }

    /// The file of the best weights of a run.
    public static Path best(Path folder, RetrievalPlan plan) {
        return folder.resolve("clip_" + plan.strategy().label() + "_best.safetensors");
    }

    /// Runs to the end of the plan.
    ///
    /// @return what was measured last, in the first process
    /// @throws IllegalArgumentException if the processes cannot share a part of a batch equally
    /// @throws org.terrachange.nn.checkpoint.CheckpointException if another run is writing to the folder
    public Optional<RetrievalPoint> run() throws IOException, InterruptedException {
        try (RunFolder _ = RunFolder.hold(folder, workplace.group());
                OpenSets train = new OpenSets(
                        RetrievalSet.openAll(plan.data().images(), plan.data().captions(), "train"));
                OpenSets validation = new OpenSets(
                        RetrievalSet.openAll(plan.data().images(), plan.data().captions(), "val"));
                Parameters parameters = new Parameters()) {
            SearchNetwork network = new SearchNetwork(
                    plan.architecture(), plan.strategy(), new TrainableLayers(parameters, workplace.group()));
            parameters.allocate(plan.seed(), plan.mode().device());
            begin(parameters);
            try (AdamW optimizer = new AdamW(parameters, plan.schedule().weightDecay());
                    WeightAverage average =
                            new WeightAverage(parameters, plan.schedule().averageDecay())) {
                return new Run(train.sets, validation.sets, parameters, network, optimizer, average).over();
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
                    .forEach(listener::remark);
        }
        if (plan.start().encoder().isPresent()) {
            EncoderWeights.load(plan.start().encoder().get(), parameters);
        }
        parameters.freeze(plan.start().frozen());
    }

    /// The sentences without images, less those that were said of validation pairs.
    private List<CaptionedSample> sentences(Path file, List<RetrievalSet> validation) throws IOException {
        Set<List<String>> held = new HashSet<>();
        for (RetrievalSet set : validation) {
            for (int i = 0; i < set.size(); i++) {
                if (set.sample(i).changed()) {
                    held.add(set.sample(i).sentences());
                }
            }
        }
        List<CaptionedSample> all = LevirCaptions.samples(file, "train");
        List<CaptionedSample> kept = all.stream()
                .filter(sample -> !held.contains(sample.sentences()))
                .toList();
        if (kept.size() < all.size()) {
            listener.remark("the sentences of " + (all.size() - kept.size()) + " pairs in " + file
                    + " are left out: they were said of validation pairs");
        }
        if (kept.stream().allMatch(sample -> sample.sentences().size() < 2)) {
            throw new DatasetException(
                    file,
                    "has no pair of the split train, other than validation pairs, of which two sentences were said; give"
                            + " another file or leave out --sentences");
        }
        return kept;
    }

    /// One run over open data.
    private final class Run {
        private final ProcessGroup group = workplace.group();
        private final Share share = group.share();
        private final List<RetrievalSet> train;
        private final List<RetrievalSet> validation;
        private final Parameters parameters;
        private final SearchNetwork network;
        private final AdamW optimizer;
        private final WeightAverage average;
        private final RetrievalStream pairs;
        private final Optional<SentencePairs> sentences;
        private final Paraphrases paraphrases;
        private final List<String> captions;
        private final UnrelatedSentences unrelated;
        private final long stepsPerEpoch;

        Run(
                List<RetrievalSet> train,
                List<RetrievalSet> validation,
                Parameters parameters,
                SearchNetwork network,
                AdamW optimizer,
                WeightAverage average)
                throws IOException {
            this.train = train;
            this.validation = validation;
            this.parameters = parameters;
            this.network = network;
            this.optimizer = optimizer;
            this.average = average;
            pairs = new RetrievalStream(
                    train,
                    new RetrievalStream.Settings(
                            plan.architecture().imageSize(),
                            true,
                            plan.data().colour(),
                            plan.data().colourings(),
                            plan.seed()));
            List<CaptionedSample> imageless =
                    plan.data().sentences().isPresent() && plan.objective().sentenceWeight() > 0
                            ? sentences(plan.data().sentences().get(), validation)
                            : List.of();
            sentences = imageless.isEmpty() ? Optional.empty() : Optional.of(new SentencePairs(imageless, plan.seed()));
            paraphrases = new Paraphrases(plan.data().paraphrased(), plan.seed());
            Stream<CaptionedSample> captioned = Stream.concat(
                    train.stream().flatMap(set -> IntStream.range(0, set.size()).mapToObj(set::sample)),
                    imageless.stream());
            captions = Stream.concat(
                            captioned.flatMap(sample -> sample.sentences().stream()), paraphrases.phrases().stream())
                    .toList();
            unrelated = new UnrelatedSentences(captions, plan.seed());
            int batchSize = plan.schedule().batchSize();
            if (pairs.length() < batchSize) {
                throw new DatasetException(
                        plan.data().images(),
                        "holds " + pairs.length() + " training pairs, fewer than a batch of " + batchSize
                                + "; choose a smaller batch");
            }
            stepsPerEpoch = pairs.length() / batchSize;
        }

        private PairTrunks trunks(long first) throws IOException, InterruptedException {
            int batch = plan.schedule().batchSize();
            if (workplace.trunks().isEmpty()) {
                return new ComputedTrunks(
                        pairs, first, batch, share, workplace.workers(), network, plan.normalization(), plan.mode());
            }
            TrunkFile file = new TrunkRecorder(
                            workplace.trunks().get(),
                            plan.architecture(),
                            network,
                            plan.normalization(),
                            plan.mode(),
                            listener)
                    .open(parameters, train, pairs);
            return new KeptTrunks(pairs, file, plan.mode().device(), first, batch, share);
        }

        Optional<RetrievalPoint> over() throws IOException, InterruptedException {
            RetrievalPlan.Schedule schedule = plan.schedule();
            long steps = stepsPerEpoch * schedule.epochs();
            WarmupCosine rates = WarmupCosine.over(steps, schedule.learningRate(), schedule.warmupShare(), FLOOR);
            TrainingLoop loop = new TrainingLoop(
                    new TrainingLoop.Learning(parameters, optimizer, Optional.of(average)),
                    new Pace(rates, stepsPerEpoch * schedule.validateEvery(), schedule.gradientLimit()),
                    new TrainingLoop.StateFile(folder.resolve("state.safetensors"), plan.toString()),
                    group);
            Optional<MetricsLog<RetrievalPoint>> log = group.first()
                    ? Optional.of(new MetricsLog<>(folder, loop.step(), RetrievalPoint.class))
                    : Optional.empty();
            try (PairTrunks trunks = trunks(loop.step() * schedule.batchSize())) {
                loop.run(trunks, new Learner<>() {
                    @Override
                    public double gradients(PairTrunks.Batch batch, Runnable lastPass) {
                        return Run.this.gradients(batch, lastPass);
                    }

                    @Override
                    public void moved() {
                        InfoNce.cap(logScale());
                    }

                    @Override
                    public void stepped(long step, double loss, double learningRate) {
                        listener.step(step, steps, loss);
                    }

                    @Override
                    public double measured(Stretch stretch, double best) throws IOException {
                        RetrievalPoint point = Run.this.measured(stretch);
                        if (point.mrr() > best) {
                            SearchModel.write(best(folder, plan), parameters, card(point));
                        }
                        SearchModel.write(
                                folder.resolve("clip_" + plan.strategy().label() + "_last.safetensors"),
                                parameters,
                                card(point));
                        log.orElseThrow().append(point);
                        listener.epoch(point);
                        return Math.max(best, point.mrr());
                    }
                });
            }
            return log.map(measured -> measured.points().getLast());
        }

        private Tensor logScale() {
            return parameters.get("logit_scale").tensor();
        }

        /// Forward and backward over one batch.
        ///
        /// @return the loss of the pairs
        private double gradients(PairTrunks.Batch batch, Runnable lastPass) {
            long[] groups = group.wholeBatch(
                    batch.examples().stream().mapToLong(RetrievalExample::group).toArray());
            double loss = GradientCache.backward(
                    plan.schedule().parts(),
                    part -> embeddings(batch, part, Mode.REHEARSAL),
                    part -> embeddings(batch, part, Mode.TRAINING),
                    all -> loss(all, groups),
                    group,
                    sentences.isPresent() ? () -> {} : lastPass);
            if (sentences.isPresent()) {
                int parts = plan.objective().sentenceParts();
                int count = parts * plan.schedule().partSize();
                SentencePairs.Batch said =
                        sentences.get().batch(optimizer.steps() * count + share.rank(), share.of(count), share.size());
                long[] meanings = group.wholeBatch(said.groups());
                GradientCache.backward(
                        parts,
                        part -> embeddings(said, part),
                        part -> embeddings(said, part),
                        all -> InfoNce.of(beside(all, 0, 2), beside(all, 1, 2), logScale(), meanings)
                                .mul(new Scalar(plan.objective().sentenceWeight())),
                        group,
                        lastPass);
            }
            return loss;
        }

        /// @param all of every row the text and the change, with the plan's negatives behind them: an unrelated
        ///     sentence, and the change with its dates exchanged
        /// @param groups of every row, equal for rows of which the same is said
        private Tensor loss(Tensor all, long[] groups) {
            RetrievalPlan.Objective objective = plan.objective();
            int columns = columns();
            Tensor texts = beside(all, 0, columns);
            Tensor changes = beside(all, 1, columns);
            Tensor none = texts.narrow(0, 0, 0);
            Tensor reversed = none;
            if (objective.reversedNegatives()) {
                // What did not change is itself with its dates exchanged.
                long[] changed = IntStream.range(0, groups.length)
                        .filter(i -> groups[i] != CaptionGroups.UNCHANGED)
                        .asLongStream()
                        .toArray();
                Tensor rows = torch.tensor(changed).to(all.device(), torch.ScalarType.Long);
                reversed = beside(all, 2, columns).index_select(0, rows);
            }
            return InfoNce.of(
                    changes,
                    texts,
                    reversed,
                    objective.unrelatedNegatives() ? beside(all, columns - 1, columns) : none,
                    logScale(),
                    objective.equivalentPositives() ? groups : ownGroups(groups.length));
        }

        /// Embeddings that stand side by side for each row.
        private int columns() {
            return 2
                    + (plan.objective().reversedNegatives() ? 1 : 0)
                    + (plan.objective().unrelatedNegatives() ? 1 : 0);
        }

        /// One of several embeddings that stand side by side.
        private static Tensor beside(Tensor all, int which, int of) {
            long width = all.size(1) / of;
            return all.narrow(1, which * width, width);
        }

        /// The sentences of one part and their pairs, with the plan's negatives, as [#loss] takes them.
        private Tensor embeddings(PairTrunks.Batch batch, int part, Mode mode) {
            int n = share.of(plan.schedule().partSize());
            Tensor trunk = batch.trunk(part * n, n, mode);
            Tensor changes =
                    plan.objective().reversedNegatives() ? network.changesBothWays(trunk) : network.changes(trunk);
            long first = optimizer.steps() * plan.schedule().batchSize() + share.place((long) part * n);
            List<String> said = paraphrased(
                    batch.examples().subList(part * n, (part + 1) * n).stream()
                            .map(RetrievalExample::sentence)
                            .toList(),
                    first);
            Tensor both = torch.cat(new TensorVector(network.texts(said, plan.mode()), changes), 1);
            if (!plan.objective().unrelatedNegatives()) {
                return both;
            }
            return torch.cat(
                    new TensorVector(both, network.texts(unrelated.batch(first, n, share.size()), plan.mode())), 1);
        }

        /// The sentences of this process's examples in other words.
        ///
        /// @param first number of the first of them in the run
        private List<String> paraphrased(List<String> sentences, long first) {
            return IntStream.range(0, sentences.size())
                    .mapToObj(i -> paraphrases.of(sentences.get(i), first + (long) i * share.size()))
                    .toList();
        }

        /// `[m, 2 d]`: two sentences each, side by side, the second in other words.
        private Tensor embeddings(SentencePairs.Batch said, int part) {
            int n = share.of(plan.schedule().partSize());
            long begin = optimizer.steps() * said.others().size() * share.size();
            return torch.cat(
                    new TensorVector(
                            network.texts(said.ones().subList(part * n, (part + 1) * n), plan.mode()),
                            network.texts(
                                    paraphrased(
                                            said.others().subList(part * n, (part + 1) * n),
                                            begin + share.place((long) part * n)),
                                    plan.mode())),
                    1);
        }

        private static long[] ownGroups(int count) {
            long[] groups = new long[count];
            for (int i = 0; i < count; i++) {
                groups[i] = i;
            }
            return groups;
        }

        private RetrievalPoint measured(Stretch stretch) throws IOException {
            NetworkEmbedder embedder = new NetworkEmbedder(
                    network, new ClipPreprocessing(plan.architecture().imageSize(), plan.normalization()), plan.mode());
            Recall recall = new RetrievalEvaluator(
                            new GalleryEmbedder(embedder).embed(validation, (_, _) -> {}), Scope.ALL)
                    .textToChange()
                    .strict();
            double logScale = logScale().item_double();
            return new RetrievalPoint(
                    stretch.step(),
                    (int) (stretch.step() / stepsPerEpoch),
                    stretch.learningRate(),
                    stretch.loss(),
                    Math.exp(-logScale),
                    recall.r1(),
                    recall.r5(),
                    recall.r10(),
                    recall.mrr(),
                    stretch.waitedShare());
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
                    plan.windowMetres(),
                    plan.trainingData(),
                    plan.licence(),
                    plan.start().clip().isPresent() ? Optional.empty() : Optional.of(Vocabulary.of(captions)),
                    metrics);
        }
    }
}
