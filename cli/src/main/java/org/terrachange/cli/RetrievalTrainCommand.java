package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.model.EncoderWeights;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.clip.ClipPreprocessing;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.train.FrozenParts;
import org.terrachange.search.train.RetrievalListener;
import org.terrachange.search.train.RetrievalPlan;
import org.terrachange.search.train.RetrievalPoint;
import org.terrachange.search.train.RetrievalTrainer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `terrachange retrieval train`: a search model from captioned pairs.
@Command(
        name = "train",
        abbreviateSynopsis = true,
        description =
                "Trains a model that finds pairs of images by a text, on captioned pairs (split train), and keeps the"
                        + " weights that find best in the split val.",
        footer = {
            "",
            TrainingOptions.CONTINUES
                    + " DIR receives clip_{strategy}_best.safetensors, clip_{strategy}_last.safetensors,"
                    + " metrics.jsonl and state.safetensors."
        })
final class RetrievalTrainCommand implements Callable<Integer> {
    /// Far above the usual length: it only catches a step that has gone astray.
    private static final double GRADIENT_LIMIT = 5;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private SharedOptions.Hub hub;

    @Mixin
    private ProcessOptions processes;

    @ArgGroup(validate = false, heading = "%nData:%n")
    private final Data data = new Data();

    @ArgGroup(validate = false, heading = "%nTowers:%n")
    private final Towers towers = new Towers();

    @ArgGroup(validate = false, heading = "%nSchedule:%n")
    private final Schedule schedule = new Schedule();

    @ArgGroup(validate = false, heading = "%nWhat the model's card says:%n")
    private final Card card = new Card();

    /// Where examples come from and results go.
    static final class Data {
        @Option(
                names = "--hdf5-dir",
                required = true,
                paramLabel = "DIR",
                description =
                        "Folder of {dataset}_{split}.h5, as retrieval prepare writes them; all data sets in it count.")
        private Path images = Path.of("");

        @Option(
                names = "--caption-dir",
                paramLabel = "DIR",
                description = "Folder of {dataset}_{split}_captions.json (default: that of --hdf5-dir).")
        private @Nullable Path captions;

        @Option(
                names = "--sentences",
                paramLabel = "FILE",
                description =
                        "Captions without images, in LEVIR-CC's JSON: those of its split train teach the text tower"
                                + " which words mean the same. What was said of validation pairs is left out.")
        private @Nullable Path sentences;

        @Option(
                names = "--paraphrase",
                paramLabel = "SHARE",
                defaultValue = "0.5",
                description =
                        "Share of the phrases of captions that are exchanged for others of the same meaning (trees"
                                + " are removed: deforestation), 0 to 1 (default: ${DEFAULT-VALUE}).")
        private double paraphrased;

        @Option(
                names = "--colour",
                paramLabel = "STRENGTH",
                defaultValue = "0.4",
                description = "Strength of the change of colours, 0 to 1 (default: ${DEFAULT-VALUE}).")
        private double colour;

        @Option(
                names = "--colourings",
                paramLabel = "N",
                description =
                        "In how many colourings a pair is seen in each turn; 0 for another one every time (default:"
                                + " 0, or 1 with --trunk-cache).")
        private @Nullable Integer colourings;

        @Option(
                names = "--trunk-cache",
                paramLabel = "DIR",
                description =
                        "With --freeze-trunk: compute what it says of every view once, and keep that in DIR for this"
                                + " run and others over the same data.")
        private @Nullable Path trunks;

        @Option(
                names = "--num-workers",
                paramLabel = "N",
                defaultValue = "1",
                description = "Threads that prepare images (default: ${DEFAULT-VALUE}).")
        private int workers;

        @Option(
                names = {"-o", "--output-dir"},
                required = true,
                paramLabel = "DIR",
                description = "Folder for weights and logs; a run that was interrupted there goes on.")
        private Path out = Path.of("");
    }

    /// What is trained.
    static final class Towers {
        @Option(
                names = "--strategy",
                paramLabel = "NAME",
                defaultValue = "cross_attn",
                description =
                        "How two dates become one vector: difference, concat, learned, cross_attn or fst (default:"
                                + " ${DEFAULT-VALUE}).")
        private String strategy = "";

        @Option(
                names = "--clip",
                paramLabel = "NAME|FILE",
                description =
                        "Weights of a CLIP to begin from: a model by name (see: terrachange models list), or a file,"
                                + " .safetensors or .pt, in the names of OpenAI, open_clip or"
                                + " Hugging Face.")
        private @Nullable Path clip;

        @Option(
                names = "--config",
                paramLabel = "NAME|FILE",
                defaultValue = "ViT-B-32",
                description =
                        "Sizes of the CLIP: ViT-B-32, ViT-B-32-quickgelu, ViT-L-14, RN50, ... or a file as open_clip"
                                + " writes them (default: ${DEFAULT-VALUE}).")
        private String config = "";

        /// In the registry of models.
        private static final String REMOTE_CLIP = "remoteclip-vit-b32";

        @Option(
                names = "--use-remote-clip",
                description =
                        "Begin from RemoteCLIP ViT-B/32: short for --clip remoteclip-vit-b32, where --clip names no file of"
                                + " it.")
        private boolean remoteClip;

        @Option(
                names = "--encoder",
                paramLabel = "NAME|FILE",
                description = "Use a ResNet as image tower in place of CLIP's: weights from pretrain or of a detector.")
        private @Nullable Path encoder;

        @Option(
                names = "--encoder-depth",
                paramLabel = "NAME",
                defaultValue = "resnet50",
                description = "resnet18, resnet34 or resnet50, for --encoder (default: ${DEFAULT-VALUE}).")
        private String depth = "";

        @Option(
                names = "--encoder-stages",
                paramLabel = "N",
                defaultValue = "3",
                description = "How many of its four stages are used (default: ${DEFAULT-VALUE}).")
        private int stages;

        @Option(
                names = "--image-size",
                paramLabel = "PX",
                defaultValue = "256",
                description = "Width and height of the images that it takes (default: ${DEFAULT-VALUE}).")
        private int imageSize;

        @Option(
                names = "--grid",
                paramLabel = "N",
                defaultValue = "8",
                description = "Rows and columns of cells that the change encoder sees of an image (default:"
                        + " ${DEFAULT-VALUE}).")
        private int grid;

        @Option(
                names = "--embed-dim",
                paramLabel = "N",
                defaultValue = "256",
                description = "Width of the joint space beside it (default: ${DEFAULT-VALUE}).")
        private int embedDim;

        @Option(
                names = "--text-width",
                paramLabel = "N",
                defaultValue = "192",
                description = "Width of the text tower beside it (default: ${DEFAULT-VALUE}).")
        private int textWidth;

        @Option(
                names = "--text-layers",
                paramLabel = "N",
                defaultValue = "4",
                description = "Blocks of the text tower beside it (default: ${DEFAULT-VALUE}).")
        private int textLayers;

        @Option(
                names = "--freeze-early-layers",
                arity = "0..1",
                fallbackValue = "8",
                defaultValue = "0",
                paramLabel = "N",
                description = "Leave the first N blocks of a vision transformer as they are (8 where N is left out).")
        private int frozenBlocks;

        @Option(names = "--freeze-stem", description = "Leave what lies before those blocks as it is.")
        private boolean freezeStem;

        @Option(names = "--freeze-trunk", description = "Leave the whole image tower but its projection as it is.")
        private boolean freezeTrunk;

        @Option(names = "--freeze-text", description = "Leave the text tower as it is.")
        private boolean freezeText;
    }

    /// How long and how fast it learns.
    static final class Schedule {
        @Option(
                names = "--batch-size",
                paramLabel = "N",
                defaultValue = "512",
                description = "Pairs that are compared with each other (default: ${DEFAULT-VALUE}).")
        private int batch;

        @Option(
                names = "--part",
                paramLabel = "N",
                description =
                        "Pairs that go through the towers at a time, a divisor of the batch size: the gradients are"
                                + " those of the whole batch in the memory of a part, for a second forward pass (default: 32, or"
                                + " the batch where that is smaller).")
        private @Nullable Integer part;

        @Option(
                names = "--epochs",
                paramLabel = "N",
                defaultValue = "30",
                description = "Runs through all pairs, each with one of its captions (default: ${DEFAULT-VALUE}).")
        private int epochs;

        @Option(
                names = "--lr",
                paramLabel = "RATE",
                defaultValue = "3e-5",
                description = "Highest learning rate (default: ${DEFAULT-VALUE}).")
        private double rate;

        @Option(
                names = "--warmup",
                paramLabel = "SHARE",
                defaultValue = "0.05",
                description = "Share of the steps over which the rate rises; then it falls as a cosine (default:"
                        + " ${DEFAULT-VALUE}).")
        private double warmup;

        @Option(
                names = "--weight-decay",
                paramLabel = "W",
                defaultValue = "0.1",
                description = "Weight decay of AdamW (default: ${DEFAULT-VALUE}).")
        private double weightDecay;

        @Option(
                names = "--average-decay",
                paramLabel = "D",
                defaultValue = "0.99",
                description = "Decay a step of the moving average of weights that is kept as the result (default:"
                        + " ${DEFAULT-VALUE}).")
        private double averageDecay;

        @Option(
                names = "--validate-every",
                paramLabel = "N",
                defaultValue = "1",
                description = "Epochs between two measurements (default: ${DEFAULT-VALUE}).")
        private int validateEvery;

        @Option(
                names = "--reversed-negatives",
                description = "Texts have to tell their pairs from the same pairs with their dates exchanged, too.")
        private boolean reversedNegatives;

        @Option(
                names = "--no-unrelated",
                description =
                        "Do without sentences that are about no change of the data, from which pairs otherwise have"
                                + " to tell their texts, so that such texts score low later.")
        private boolean noUnrelated;

        @Option(
                names = "--sentence-weight",
                paramLabel = "W",
                defaultValue = "1",
                description = "Weight of the loss over --sentences (default: ${DEFAULT-VALUE}).")
        private double sentenceWeight;

        @Option(
                names = "--sentence-batch",
                paramLabel = "N",
                description = "Sentences of --sentences that are compared with each other, a multiple of the part size"
                        + " (default: --batch-size).")
        private @Nullable Integer sentenceBatch;

        @Option(
                names = "--strict-positives",
                description = "Count only a pair's own caption as right in training, not those that say the same.")
        private boolean strictPositives;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "Decides the first weights and every example (default: ${DEFAULT-VALUE}).")
        private long seed;
    }

    /// What users of the weights are told.
    static final class Card extends TrainingOptions.Card {
        @Option(
                names = "--window-metres",
                paramLabel = "M",
                description =
                        "Side of the ground that every training image shows, where that is always the same: scenes"
                                + " are then searched in windows of this side.")
        private @Nullable Double windowMetres;

        @Option(
                names = "--training-data",
                paramLabel = "TEXT",
                defaultValue = "not stated",
                description = "The datasets in words (default: ${DEFAULT-VALUE}).")
        private String trainingData = "";
    }

    /// The JSON document.
    private record Trained(String best, String strategy, RetrievalPoint last) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        SearchArchitecture architecture = architecture();
        if (towers.remoteClip && towers.clip == null) {
            towers.clip = Path.of(Towers.REMOTE_CLIP);
        }
        towers.clip = hub.locate(towers.clip, console);
        towers.encoder = hub.locate(towers.encoder, console);
        ImageNormalization normalization = towers.encoder == null
                ? ClipPreprocessing.CLIP
                : EncoderWeights.normalization(towers.encoder).orElse(ImageNormalization.IMAGENET);
        RetrievalPlan plan = SharedOptions.checked(spec, () -> plan(architecture, normalization));
        processes.check(plan.schedule().partSize(), "--part");
        if (processes.supervises()) {
            return processes.supervise(plan.mode().device());
        }
        Optional<RetrievalPoint> result;
        try (ProcessGroup group = processes.join(plan.mode().device());
                Progress recording = group.first() ? console.progress("trunk") : Progress.silent();
                Progress training = TrainingOptions.progress("train", data.out, console, group)) {
            RetrievalTrainer trainer = SharedOptions.checked(
                    spec,
                    () -> new RetrievalTrainer(
                            plan,
                            data.out,
                            new RetrievalTrainer.Workplace(data.workers, Optional.ofNullable(data.trunks), group),
                            new Watcher(console, recording, training)));
            result = trainer.run();
        }
        if (result.isEmpty()) {
            return ExitCode.DONE;
        }
        RetrievalPoint last = result.get();
        Path best = RetrievalTrainer.best(data.out, plan);
        console.result(
                new Trained(best.toString(), plan.strategy().label(), last),
                words(last) + System.lineSeparator() + "weights   " + best);
        return ExitCode.DONE;
    }

    private static String words(RetrievalPoint point) {
        return String.format(
                Locale.ROOT,
                "epoch %d: loss %.4f, validation R@1 %.1f, R@5 %.1f, R@10 %.1f, MRR %.3f",
                point.epoch(),
                point.loss(),
                100 * point.r1(),
                100 * point.r5(),
                100 * point.r10(),
                point.mrr());
    }

    private record Watcher(Console console, Progress recording, Progress training) implements RetrievalListener {
        @Override
        public void remark(String text) {
            console.note("remark: " + text);
        }

        @Override
        public void recorded(long views, long of) {
            recording.at(views, of);
        }

        @Override
        public void step(long step, long steps, double loss) {
            training.at(step, steps, String.format(Locale.ROOT, "loss %.4f", loss));
        }

        @Override
        public void epoch(RetrievalPoint point) {
            console.note(words(point)
                    + String.format(Locale.ROOT, ", %.1f %% of the time waiting for pairs", 100 * point.waitedShare()));
        }
    }

    private SearchArchitecture architecture() throws IOException {
        if (towers.encoder != null) {
            return SharedOptions.checked(spec, () -> {
                if (towers.clip != null || towers.remoteClip) {
                    throw new IllegalArgumentException("--encoder and --clip each give an image tower: take one");
                }
                int heads = Math.max(1, towers.textWidth / 64);
                return new SearchArchitecture.ResNetClip(
                        ResNet.Depth.parse(towers.depth),
                        towers.stages,
                        towers.imageSize,
                        towers.grid,
                        towers.embedDim,
                        new ClipConfiguration.Text(
                                77, ClipTokenizer.VOCABULARY, towers.textWidth, heads, towers.textLayers));
            });
        }
        Path file = Path.of(towers.config);
        ClipConfiguration sizes = Files.isRegularFile(file)
                ? ClipConfiguration.read(file)
                : SharedOptions.checked(spec, () -> ClipConfiguration.named(towers.config));
        return SharedOptions.checked(spec, () -> new SearchArchitecture.Clip(sizes));
    }

    private RetrievalPlan plan(SearchArchitecture architecture, ImageNormalization normalization) {
        int part = schedule.part == null ? Math.min(32, schedule.batch) : schedule.part;
        return new RetrievalPlan(
                card.name(data.out),
                architecture,
                ChangeStrategy.parse(towers.strategy),
                normalization,
                new RetrievalPlan.Start(
                        Optional.ofNullable(towers.clip).map(TrainingOptions::absolute),
                        Optional.ofNullable(towers.encoder).map(TrainingOptions::absolute),
                        new FrozenParts(towers.frozenBlocks, towers.freezeStem, towers.freezeTrunk, towers.freezeText)),
                new RetrievalPlan.Data(
                        TrainingOptions.absolute(data.images),
                        TrainingOptions.absolute(data.captions == null ? data.images : data.captions),
                        Optional.ofNullable(data.sentences).map(TrainingOptions::absolute),
                        data.paraphrased,
                        data.colour,
                        data.colourings != null ? data.colourings : data.trunks != null ? 1 : 0),
                new RetrievalPlan.Objective(
                        !schedule.strictPositives,
                        schedule.reversedNegatives,
                        !schedule.noUnrelated,
                        schedule.sentenceWeight,
                        sentenceParts(part)),
                new RetrievalPlan.Schedule(
                        schedule.batch,
                        part,
                        schedule.epochs,
                        schedule.validateEvery,
                        schedule.rate,
                        schedule.warmup,
                        schedule.weightDecay,
                        schedule.averageDecay,
                        GRADIENT_LIMIT),
                compute.mode(),
                schedule.seed,
                card.windowMetres == null ? OptionalDouble.empty() : OptionalDouble.of(card.windowMetres),
                card.trainingData,
                card.licence());
    }

    private int sentenceParts(int part) {
        int sentences = schedule.sentenceBatch == null ? schedule.batch : schedule.sentenceBatch;
        if (part < 1 || sentences % part != 0) {
            throw new IllegalArgumentException(
                    "the sentence batch must be a multiple of the part size of " + part + ", got " + sentences);
        }
        return sentences / part;
    }
}
