package org.terrachange.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.views.Positives;
import org.terrachange.data.views.ViewSettings;
import org.terrachange.detect.pretrain.Pretrainer;
import org.terrachange.detect.pretrain.PretrainingListener;
import org.terrachange.detect.pretrain.PretrainingPlan;
import org.terrachange.detect.pretrain.PretrainingPoint;
import org.terrachange.detect.pretrain.Probe;
import org.terrachange.detect.train.TrainingPlan.Split;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.optim.OptimizerChoice;
import org.terrachange.nn.tensor.ImageNormalization;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `terrachange pretrain`: an encoder from images without labels.
@Command(
        name = "pretrain",
        abbreviateSynopsis = true,
        description = "Pretrains an encoder on images without labels, by SimCLR.",
        footer = {
            "",
            TrainingOptions.CONTINUES + " DIR receives encoder.safetensors, metrics.jsonl, curves.png and"
                    + " state.safetensors."
        })
final class PretrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private ProcessOptions processes;

    @ArgGroup(validate = false, heading = "%nData:%n")
    private final Data data = new Data();

    @ArgGroup(validate = false, heading = "%nViews:%n")
    private final Views views = new Views();

    @ArgGroup(validate = false, heading = "%nNetwork and schedule:%n")
    private final Schedule schedule = new Schedule();

    /// Where images come from and results go.
    static final class Data {
        @Option(
                names = "--images",
                required = true,
                arity = "1..*",
                paramLabel = "DIR",
                description = "Folders of images, searched to the bottom; folders named label or mask are passed over.")
        private List<Path> images = List.of();

        @Option(
                names = "--probe",
                paramLabel = "DIR",
                description = "Labelled pairs in the layout of LEVIR-CD, on which two simple probes measure the encoder"
                        + " after each epoch: they learn on the split train and are scored on val. The encoder never"
                        + " learns from them.")
        private @Nullable Path probe;

        @Option(
                names = {"-o", "--out"},
                required = true,
                paramLabel = "DIR",
                description = "Folder for weights and logs; a run that was interrupted there goes on.")
        private Path out = Path.of("");
    }

    /// What the network sees.
    static final class Views {
        @Option(
                names = "--positives",
                paramLabel = "KIND",
                defaultValue = "views",
                description = "What belongs together: views (two random views of one image) or dates (a view of each of"
                        + " two dates of one place: files of one name in folders A and B) (default: ${DEFAULT-VALUE}).")
        private String positives = "";

        @Option(
                names = "--size",
                paramLabel = "PX",
                defaultValue = "224",
                description = "Width and height of a view, a multiple of 32 (default: ${DEFAULT-VALUE}).")
        private int size;

        @Option(
                names = "--window",
                paramLabel = "PX",
                defaultValue = "0",
                description = "Draw both views from one window of this width and height at a random place of the image,"
                        + " so that large images count as many things and views keep a scale near the image's own; 0"
                        + " takes whole images (default: ${DEFAULT-VALUE}).")
        private int window;

        @Option(
                names = "--min-area",
                paramLabel = "SHARE",
                defaultValue = "0.08",
                description = "Smallest share of an image that a view shows (default: ${DEFAULT-VALUE}).")
        private double minArea;

        @Option(
                names = "--max-area",
                paramLabel = "SHARE",
                defaultValue = "1",
                description = "Largest share (default: ${DEFAULT-VALUE}).")
        private double maxArea;

        @Option(
                names = "--jitter",
                paramLabel = "STRENGTH",
                defaultValue = "1",
                description = "Strength of the colour jitter, 0 to 1 (default: ${DEFAULT-VALUE}).")
        private double jitter;

        @Option(
                names = "--gray",
                paramLabel = "SHARE",
                defaultValue = "0.2",
                description = "Share of views that lose all colour (default: ${DEFAULT-VALUE}).")
        private double gray;

        @Option(
                names = "--blur",
                paramLabel = "SHARE",
                defaultValue = "0.5",
                description = "Share of views that are blurred (default: ${DEFAULT-VALUE}).")
        private double blur;
    }

    /// What is trained, how long and how fast.
    static final class Schedule {
        @Option(
                names = "--encoder",
                paramLabel = "NAME",
                defaultValue = "resnet50",
                description = "resnet18, resnet34 or resnet50 (default: ${DEFAULT-VALUE}).")
        private String encoder = "";

        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "256",
                description = "Images a step, each of which gives two views (default: ${DEFAULT-VALUE}).")
        private int batch;

        @Option(
                names = "--part",
                paramLabel = "N",
                defaultValue = "32",
                description = "Images that go through the network at a time, a divisor of the batch: the gradients are"
                        + " those of the whole batch in the memory of a part, for a second forward pass (default:"
                        + " ${DEFAULT-VALUE}).")
        private int part;

        @Option(
                names = "--samples",
                paramLabel = "N",
                defaultValue = "500000",
                description = "Images in the whole run, repetitions counted (default: ${DEFAULT-VALUE}).")
        private long samples;

        @Option(
                names = "--epoch-samples",
                paramLabel = "N",
                defaultValue = "10000",
                description = "Images between two entries of the log (default: ${DEFAULT-VALUE}).")
        private long epochSamples;

        @Option(
                names = "--optimizer",
                paramLabel = "NAME",
                defaultValue = "adamw",
                description = "adamw, muon, or lars for batches from 512 on (default: ${DEFAULT-VALUE}).")
        private String optimizer = "";

        @Option(
                names = "--lr",
                paramLabel = "RATE",
                description = "Highest learning rate (default: 0.001, or 0.3 * batch / 256 for lars).")
        private @Nullable Double rate;

        @Option(
                names = "--weight-decay",
                paramLabel = "W",
                description = "Weight decay (default: 0.0001, or 0.000001 for lars).")
        private @Nullable Double weightDecay;

        @Option(
                names = "--warmup",
                paramLabel = "SHARE",
                defaultValue = "0.05",
                description = "Share of the steps over which the rate rises (default: ${DEFAULT-VALUE}).")
        private double warmup;

        @Option(
                names = "--temperature",
                paramLabel = "T",
                defaultValue = "0.2",
                description = "Temperature of the loss (default: ${DEFAULT-VALUE}).")
        private double temperature;

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "Decides the first weights and every view (default: ${DEFAULT-VALUE}).")
        private long seed;
    }

    /// The JSON document.
    private record Pretrained(String encoder, String method, long steps, PretrainingPoint last) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        PretrainingPlan plan = SharedOptions.checked(spec, this::plan);
        processes.check(plan.partSize(), "--part");
        if (processes.supervises()) {
            return processes.supervise(plan.mode().device());
        }
        Optional<PretrainingPoint> result;
        try (ProcessGroup group = processes.join(plan.mode().device());
                Progress progress = TrainingOptions.progress("pretrain", data.out, console, group)) {
            result = new Pretrainer(plan, data.out, group, new Watcher(console, progress)).run();
        }
        if (result.isEmpty()) {
            return ExitCode.DONE;
        }
        PretrainingPoint last = result.get();
        Path encoder = data.out.resolve("encoder.safetensors");
        console.result(
                new Pretrained(encoder.toString(), plan.positives().label(), plan.steps(), last),
                words(last) + System.lineSeparator() + "encoder   " + encoder);
        return ExitCode.DONE;
    }

    private static String words(PretrainingPoint point) {
        String probes = point.linear() < 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", nearest neighbours %.3f, linear probe %.3f",
                        point.neighbours(),
                        point.linear());
        return String.format(Locale.ROOT, "%,d images: loss %.4f", point.samples(), point.loss()) + probes;
    }

    private record Watcher(Console console, Progress progress) implements PretrainingListener {
        @Override
        public void step(long step, long steps, double loss) {
            progress.at(step, steps, String.format(Locale.ROOT, "loss %.4f", loss));
        }

        @Override
        public void epoch(PretrainingPoint point) {
            console.note(words(point)
                    + String.format(Locale.ROOT, ", %.1f %% of the time waiting for views", 100 * point.waitedShare()));
        }
    }

    private PretrainingPlan plan() {
        OptimizerChoice optimizer = OptimizerChoice.parse(
                schedule.optimizer, List.of(OptimizerChoice.ADAMW, OptimizerChoice.MUON, OptimizerChoice.LARS));
        boolean lars = optimizer == OptimizerChoice.LARS;
        return new PretrainingPlan(
                ResNet.Depth.parse(schedule.encoder),
                ImageNormalization.IMAGENET,
                data.images.stream().map(TrainingOptions::absolute).toList(),
                Positives.parse(views.positives),
                new ViewSettings(views.size, views.minArea, views.maxArea, views.jitter, views.gray, views.blur),
                views.window,
                schedule.batch,
                Math.min(schedule.part, schedule.batch),
                schedule.temperature,
                optimizer,
                schedule.rate != null ? schedule.rate : lars ? 0.3 * schedule.batch / 256 : 1e-3,
                schedule.weightDecay != null ? schedule.weightDecay : lars ? 1e-6 : 1e-4,
                schedule.warmup,
                schedule.samples,
                schedule.epochSamples,
                Optional.ofNullable(data.probe).map(folder -> {
                    Path absolute = TrainingOptions.absolute(folder);
                    return new Probe.Sets(new Split(absolute, "train"), new Split(absolute, "val"));
                }),
                compute.mode(),
                schedule.seed);
    }
}
