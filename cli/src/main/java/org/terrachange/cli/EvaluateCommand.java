package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairFolder;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.evaluate.Evaluator;
import org.terrachange.detect.evaluate.PixelScores;
import org.terrachange.detect.evaluate.Protocol;
import org.terrachange.detect.evaluate.ReliabilityPlot;
import org.terrachange.detect.model.Calibration;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.model.PairScorer;
import org.terrachange.detect.model.PixelDifference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `terrachange evaluate`: scores of the change class, pooled over a labelled dataset.
@Command(
        name = "evaluate",
        description = "Scores a model on labelled pairs: precision, recall, F1 and IoU of the change class, overall"
                + " accuracy and kappa, pooled over all pixels.")
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Model model;

    @Mixin
    private SharedOptions.Compute compute;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description =
                    "Folder in the layout of LEVIR-CD: {split}/{A,B,label}, or {A,B,label} with" + " list/{split}.txt.")
    private Path data;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "test",
            description = "Part of the dataset (default: ${DEFAULT-VALUE}).")
    private String split;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "crops256",
            description = "How images are shown to the model: crops256 (crops of 256 pixels, each alone), whole, or"
                    + " resize256 (scaled to 256 pixels) (default: ${DEFAULT-VALUE}).")
    private String protocol;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            description = "Probability from which a pixel counts as changed, between 0 and 1 (default: the model's"
                    + " own).")
    private @Nullable Double threshold;

    @Option(
            names = "--choose-threshold",
            description = "Report at the threshold with the highest F1 on this very data. For validation data: a score"
                    + " on test data with a threshold chosen there is no test score.")
    private boolean chooseThreshold;

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            description = "Score a rule that learns nothing instead of a model: pixel-difference, the smoothed"
                    + " difference of the standardised colours. It has no threshold of its own: choose one on"
                    + " validation data.")
    private @Nullable String baseline;

    @Option(
            names = "--reliability",
            paramLabel = "FILE.png",
            description = "Draw how often pixels changed over the probability that was stated for them.")
    private @Nullable Path reliability;

    /// The published keys come first.
    private record Scores(
            double precision,
            double recall,
            double f1,
            double iou,
            double accuracy,
            double kappa,
            double threshold,
            int pairs,
            long pixels,
            String protocol,
            String model,
            String data,
            String split,
            double calibrationError) {

        String text() {
            return String.format(
                    Locale.ROOT,
                    """
                    precision  %.4f
                    recall     %.4f
                    F1         %.4f
                    IoU        %.4f
                    accuracy   %.4f
                    kappa      %.4f
                    threshold  %.3f
                    calibration error %.4f
                    %,d pairs, %,d pixels, protocol %s, model %s
                    """,
                    precision,
                    recall,
                    f1,
                    iou,
                    accuracy,
                    kappa,
                    threshold,
                    calibrationError,
                    pairs,
                    pixels,
                    protocol,
                    model);
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        Protocol shown = SharedOptions.checked(spec, () -> Protocol.parse(protocol));
        if (threshold != null && !(threshold > 0 && threshold < 1)) {
            throw new ParameterException(
                    spec.commandLine(), "the threshold must lie between 0 and 1, got " + threshold);
        }
        if (chooseThreshold && threshold != null) {
            throw new ParameterException(
                    spec.commandLine(), "--threshold gives a threshold and --choose-threshold looks for one: take one");
        }
        List<LabelledPair> pairs = PairFolder.read(data, split);
        Scores scores;
        if (baseline == null) {
            try (ChangeDetector detector = model.load(compute, console)) {
                scores = score(detector, detector.card().name(), detector.card().threshold(), shown, pairs, console);
            }
        } else if (baseline.equalsIgnoreCase("pixel-difference")) {
            if (threshold == null && !chooseThreshold) {
                throw new ParameterException(
                        spec.commandLine(),
                        "pixel-difference has no threshold of its own: find one with --choose-threshold on validation"
                                + " data, then give it with --threshold");
            }
            scores = score(new PixelDifference(), "pixel-difference", 0.5, shown, pairs, console);
        } else {
            throw new ParameterException(
                    spec.commandLine(), "unknown baseline \"" + baseline + "\": there is pixel-difference");
        }
        console.result(scores, scores.text());
        return ExitCode.DONE;
    }

    private Scores score(
            PairScorer scorer, String name, double own, Protocol shown, List<LabelledPair> pairs, Console console)
            throws IOException, InterruptedException {
        PixelScores pixels;
        try (Progress progress = console.progress("evaluate")) {
            pixels = new Evaluator(scorer, shown).score(pairs, done -> progress.at(done, pairs.size()));
        }
        if (reliability != null) {
            ReliabilityPlot.draw(pixels.reliability(), Calibration.NONE, reliability);
        }
        double limit = own;
        if (threshold != null) {
            limit = threshold;
        } else if (chooseThreshold) {
            limit = pixels.histogram().bestThreshold();
        }
        Confusion confusion = pixels.histogram().at(limit);
        return new Scores(
                confusion.precision(),
                confusion.recall(),
                confusion.f1(),
                confusion.iou(),
                confusion.accuracy(),
                confusion.kappa(),
                limit,
                pairs.size(),
                confusion.pixels(),
                shown.label(),
                name,
                data.toString(),
                split,
                pixels.reliability().calibrationError(Calibration.NONE));
    }
}
