package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.augment.Augmentation;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.model.EncoderWeights;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.detect.train.Trainer;
import org.terrachange.detect.train.TrainingListener;
import org.terrachange.detect.train.TrainingPlan;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.optim.OptimizerChoice;
import org.terrachange.nn.tensor.ImageNormalization;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `terrachange train`: a detector from labelled pairs.
@Command(
        name = "train",
        abbreviateSynopsis = true,
        description = "Trains a change detector on labelled pairs.",
        footer = {
            "",
            TrainingOptions.CONTINUES + " DIR receives best.safetensors, last.safetensors, metrics.jsonl, curves.png"
                    + " and state.safetensors."
        })
final class TrainCommand implements Callable<Integer> {
    /// Data with the size of its pixels in metres behind it.
    private static final Pattern SIZED = Pattern.compile("(?<data>.+)@(?<gsd>\\d+(\\.\\d+)?|\\.\\d+)");

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

    @ArgGroup(validate = false, heading = "%nNetwork:%n")
    private final Network network = new Network();

    @ArgGroup(validate = false, heading = "%nSchedule:%n")
    private final Schedule schedule = new Schedule();

    @ArgGroup(validate = false, heading = "%nHow crops vary:%n")
    private final Variation variation = new Variation();

    @ArgGroup(validate = false, heading = "%nWhat the model's card says:%n")
    private final Card card = new Card();

    /// Where examples come from and results go.
    static final class Data {
        @Option(
                names = "--data",
                required = true,
                paramLabel = "DIR[:SPLIT][@GSD]",
                description = "Labelled pairs to learn from, in the layout of LEVIR-CD; repeatable (default split:"
                        + " train). @0.5 says that a pixel is 0.5 m: sizes of crops then follow --min-gsd and"
                        + " --max-gsd.")
        private List<String> train = List.of();

        @Option(
                names = "--val",
                required = true,
                paramLabel = "DIR[:SPLIT]",
                description = "Labelled pairs to choose the best weights and the threshold on; repeatable (default"
                        + " split: val).")
        private List<String> validation = List.of();

        @Option(
                names = {"-o", "--out"},
                required = true,
                paramLabel = "DIR",
                description = "Folder for weights and logs; a run that was interrupted there goes on.")
        private Path out = Path.of("");
    }

    /// What is trained.
    static final class Network {
        @Option(
                names = "--layout",
                paramLabel = "NAME",
                defaultValue = "terrachange-lite",
                description = "Shape of the network: terrachange-r50, terrachange-lite or terrachange-v1 (default:"
                        + " ${DEFAULT-VALUE}).")
        private String layout = "";

        @Option(
                names = "--from",
                paramLabel = "NAME|FILE",
                description = "Checkpoint of the same layout to begin from (default: random weights).")
        private @Nullable Path from;

        @Option(
                names = "--encoder",
                paramLabel = "NAME|FILE",
                description =
                        "Pretrained encoder to begin from: a model by name (see: terrachange models list), or a file"
                                + " as pretrain writes it or with torchvision's names; the rest of the network begins at random.")
        private @Nullable Path encoder;

        @Option(
                names = "--freeze",
                description = "Leave the encoder as it is, the statistics of its normalisation included.")
        private boolean freeze;

        @Option(
                names = "--layer-decay",
                paramLabel = "D",
                defaultValue = "1",
                description = "Share of the learning rate that each stage of the encoder keeps of the one above it"
                        + " (default: ${DEFAULT-VALUE}).")
        private double layerDecay;

        @Option(
                names = "--normalization",
                paramLabel = "NAME",
                description = "How colours are prepared: imagenet (its mean and deviation) or none (division by 255"
                        + " alone) (default: as the encoder or the checkpoint to begin from says, else imagenet).")
        private @Nullable String normalization;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "Decides the first weights and every crop (default: ${DEFAULT-VALUE}).")
        private long seed;
    }

    /// How long and how fast it learns.
    static final class Schedule {
        @Option(
                names = "--crop",
                paramLabel = "PX",
                defaultValue = "128",
                description = "Width and height of a crop, a multiple of 32 (default: ${DEFAULT-VALUE}).")
        private int crop;

        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "16",
                description = "Crops a step (default: ${DEFAULT-VALUE}).")
        private int batch;

        @Option(
                names = "--samples",
                paramLabel = "N",
                defaultValue = "100000",
                description = "Crops in the whole run (default: ${DEFAULT-VALUE}).")
        private long samples;

        @Option(
                names = "--epoch-samples",
                paramLabel = "N",
                defaultValue = "6400",
                description = "Crops between two validations (default: ${DEFAULT-VALUE}).")
        private long epochSamples;

        @Option(
                names = "--lr",
                paramLabel = "RATE",
                defaultValue = "0.001",
                description = "Highest learning rate (default: ${DEFAULT-VALUE}).")
        private double rate;

        @Option(
                names = "--warmup",
                paramLabel = "SHARE",
                defaultValue = "0.03",
                description = "Share of the steps over which the rate rises; then it falls as a cosine (default:"
                        + " ${DEFAULT-VALUE}).")
        private double warmup;

        @Option(
                names = "--optimizer",
                paramLabel = "NAME",
                defaultValue = "adamw",
                description = "adamw, or muon, whose steps are orthogonal in every weight; rates mean the same for"
                        + " both (default: ${DEFAULT-VALUE}).")
        private String optimizer = "";

        @Option(
                names = "--weight-decay",
                paramLabel = "W",
                defaultValue = "0.02",
                description = "Weight decay (default: ${DEFAULT-VALUE}).")
        private double weightDecay;

        @Option(
                names = "--average-decay",
                paramLabel = "D",
                defaultValue = "0.998",
                description = "Decay a step of the moving average of weights that is kept as the result (default:"
                        + " ${DEFAULT-VALUE}).")
        private double averageDecay;

        @Option(
                names = "--gradient-limit",
                paramLabel = "L",
                defaultValue = "5",
                description = "Longest gradient that is applied unscaled (default: ${DEFAULT-VALUE}).")
        private double gradientLimit;

        @Option(
                names = "--sync-batch-norm",
                negatable = true,
                defaultValue = "true",
                fallbackValue = "true",
                description = "With --processes: normalise batches over the examples of all processes, which gives the"
                        + " result of a single one (default), or over each one's own, which is faster.")
        private boolean syncBatchNorm;
    }

    /// How crops differ from the images they are cut from.
    static final class Variation {
        @Option(
                names = "--min-scale",
                paramLabel = "S",
                defaultValue = "0.75",
                description = "Smallest size of a crop's pixel, in pixels of the image, for data without @GSD (default:"
                        + " ${DEFAULT-VALUE}).")
        private double minScale;

        @Option(
                names = "--max-scale",
                paramLabel = "S",
                defaultValue = "1.35",
                description = "Largest size of a crop's pixel (default: ${DEFAULT-VALUE}).")
        private double maxScale;

        @Option(
                names = "--change-centred",
                paramLabel = "SHARE",
                defaultValue = "0.6",
                description = "Share of crops centred on a change (default: ${DEFAULT-VALUE}).")
        private double changeCentred;

        @Option(
                names = "--free-rotation",
                paramLabel = "SHARE",
                defaultValue = "0.1",
                description = "Share of crops turned by any angle; the others by quarter turns (default:"
                        + " ${DEFAULT-VALUE}).")
        private double freeRotation;

        @Option(
                names = "--shift",
                paramLabel = "PX",
                defaultValue = "0.3",
                description = "Largest misregistration of the later date (default: ${DEFAULT-VALUE}).")
        private double shift;

        @Option(
                names = "--colour",
                paramLabel = "STRENGTH",
                defaultValue = "0.25",
                description =
                        "Strength of brightness, contrast and colour changes, 0 to 1 (default:" + " ${DEFAULT-VALUE}).")
        private double colour;

        @Option(
                names = "--swap",
                paramLabel = "SHARE",
                defaultValue = "0.5",
                description = "Share of crops whose dates are exchanged (default: ${DEFAULT-VALUE}).")
        private double swap;

        @Option(
                names = "--pixel-exact",
                paramLabel = "SHARE",
                defaultValue = "0.25",
                description = "Share of crops that keep the image's own pixels, neither scaled nor turned by other than"
                        + " quarter turns (default: ${DEFAULT-VALUE}).")
        private double pixelExact;

        private Augmentation augmentation() {
            return new Augmentation(minScale, maxScale, changeCentred, freeRotation, shift, colour, swap, pixelExact);
        }
    }

    /// What users of the weights are told.
    static final class Card extends TrainingOptions.Card {
        @Option(
                names = "--training-data",
                paramLabel = "TEXT",
                description = "The datasets in words (default: the names of the folders).")
        private @Nullable String trainingData;

        @Option(
                names = "--min-gsd",
                paramLabel = "M",
                defaultValue = "0.3",
                description = "Finest ground sampling distance it is meant for, metres a pixel (default:"
                        + " ${DEFAULT-VALUE}).")
        private double minGsd;

        @Option(
                names = "--max-gsd",
                paramLabel = "M",
                defaultValue = "1.0",
                description = "Coarsest one (default: ${DEFAULT-VALUE}).")
        private double maxGsd;
    }

    /// The JSON document.
    private record Trained(
            String name, String best, String layout, double threshold, Map<String, String> metrics, long steps) {

        String text() {
            return "threshold " + threshold + ", " + metrics + System.lineSeparator() + "weights   " + best;
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        network.from = hub.locate(network.from, console);
        network.encoder = hub.locate(network.encoder, console);
        Optional<ImageNormalization> inherited = inherited();
        TrainingPlan plan = SharedOptions.checked(spec, () -> plan(inherited));
        processes.check(plan.batchSize(), "--batch");
        if (processes.supervises()) {
            return processes.supervise(plan.mode().device());
        }
        Path folder = data.out;
        Optional<ModelCard> result;
        try (ProcessGroup group = processes.join(plan.mode().device());
                Progress progress = TrainingOptions.progress("train", folder, console, group)) {
            Trainer.Team team = new Trainer.Team(group, schedule.syncBatchNorm);
            result = new Trainer(plan, folder, team, new Watcher(console, progress)).run();
        }
        if (result.isEmpty()) {
            return ExitCode.DONE;
        }
        ModelCard best = result.get();
        Trained trained = new Trained(
                best.name(),
                folder.resolve("best.safetensors").toString(),
                best.layout().label(),
                best.threshold(),
                new TreeMap<>(best.metrics()),
                plan.steps());
        console.result(trained, trained.text());
        return ExitCode.DONE;
    }

    private record Watcher(Console console, Progress progress) implements TrainingListener {
        @Override
        public void step(long step, long steps, double loss, double learningRate) {
            progress.at(step, steps, String.format(Locale.ROOT, "loss %.4f", loss));
        }

        @Override
        public void epoch(long step, Confusion validation, double threshold, double waitedShare) {
            console.note(String.format(
                    Locale.ROOT,
                    "step %d: validation F1 %.4f, IoU %.4f, precision %.4f, recall %.4f at threshold %.2f, %.1f %% of the"
                            + " time waiting for crops",
                    step,
                    validation.f1(),
                    validation.iou(),
                    validation.precision(),
                    validation.recall(),
                    threshold,
                    100 * waitedShare));
        }
    }

    private TrainingPlan plan(Optional<ImageNormalization> inherited) {
        List<TrainingPlan.Split> train = splits(data.train, "train");
        return new TrainingPlan(
                card.name(data.out),
                ChangeLayout.parse(network.layout),
                normalization(inherited),
                start(),
                train,
                validation(),
                card.trainingData == null
                        ? train.stream()
                                .map(split -> TrainingOptions.nameOf(split.folder()) + " (" + split.split() + ")")
                                .collect(Collectors.joining(", "))
                        : card.trainingData,
                card.licence(),
                card.minGsd,
                card.maxGsd,
                variation.augmentation(),
                schedule.crop,
                schedule.batch,
                schedule.samples,
                schedule.epochSamples,
                schedule.rate,
                schedule.warmup,
                OptimizerChoice.parse(schedule.optimizer, List.of(OptimizerChoice.ADAMW, OptimizerChoice.MUON)),
                schedule.weightDecay,
                schedule.averageDecay,
                schedule.gradientLimit,
                compute.mode(),
                network.seed);
    }

    /// What a given file was trained with goes before everything: another normalisation would show its layers
    /// colours that they have never seen.
    private ImageNormalization normalization(Optional<ImageNormalization> inherited) {
        if (network.normalization == null) {
            return inherited.orElse(ImageNormalization.IMAGENET);
        }
        ImageNormalization asked = switch (network.normalization.toLowerCase(Locale.ROOT)) {
            case "imagenet" -> ImageNormalization.IMAGENET;
            case "none" -> ImageNormalization.NONE;
            default ->
                throw new IllegalArgumentException(
                        "unknown normalisation \"" + network.normalization + "\": choose imagenet or none");
        };
        if (inherited.isPresent() && !inherited.get().equals(asked)) {
            throw new IllegalArgumentException(
                    "the weights to begin from were trained with another normalisation than --normalization "
                            + network.normalization + "; leave the option out to keep theirs");
        }
        return asked;
    }

    private Optional<ImageNormalization> inherited() throws IOException {
        Path file = network.from == null ? network.encoder : network.from;
        return file == null ? Optional.empty() : EncoderWeights.normalization(file);
    }

    private TrainingPlan.Start start() {
        if (network.freeze && network.from == null && network.encoder == null) {
            throw new IllegalArgumentException("--freeze needs an encoder to keep: add --encoder or --from");
        }
        return new TrainingPlan.Start(
                Optional.ofNullable(network.from).map(TrainingOptions::absolute),
                Optional.ofNullable(network.encoder).map(TrainingOptions::absolute),
                network.freeze,
                network.layerDecay);
    }

    private List<TrainingPlan.Split> validation() {
        List<TrainingPlan.Split> validation = splits(data.validation, "val");
        if (validation.stream().anyMatch(split -> split.gsd().isPresent())) {
            throw new IllegalArgumentException("--val takes images as they are; leave out @GSD there");
        }
        return validation;
    }

    private static List<TrainingPlan.Split> splits(List<String> texts, String otherwise) {
        return texts.stream().map(text -> split(text, otherwise)).toList();
    }

    private static TrainingPlan.Split split(String text, String otherwise) {
        Matcher sized = SIZED.matcher(text);
        if (sized.matches()) {
            TrainingPlan.Split data = split(sized.group("data"), otherwise);
            double gsd = Double.parseDouble(sized.group("gsd"));
            if (gsd <= 0) {
                throw new IllegalArgumentException("a pixel cannot be 0 m wide: " + text);
            }
            return new TrainingPlan.Split(data.folder(), data.split(), OptionalDouble.of(gsd));
        }
        int colon = text.lastIndexOf(':');
        boolean named = colon > 1 && text.indexOf('/', colon) < 0 && text.indexOf('\\', colon) < 0;
        Path folder = Path.of(named ? text.substring(0, colon) : text);
        return new TrainingPlan.Split(TrainingOptions.absolute(folder), named ? text.substring(colon + 1) : otherwise);
    }
}
