package org.terrachange.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairFolder;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.evaluate.Evaluator;
import org.terrachange.detect.evaluate.Protocol;
import org.terrachange.detect.evaluate.ScoreHistogram;
import org.terrachange.detect.model.ChangeDetector;
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
            String split) {

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
                    %,d pairs, %,d pixels, protocol %s, model %s
                    """,
                    precision,
                    recall,
                    f1,
                    iou,
                    accuracy,
                    kappa,
                    threshold,
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
        List<LabelledPair> pairs = PairFolder.read(data, split);
        Scores scores;
        try (ChangeDetector detector = model.load(compute);
                Progress progress = console.progress("evaluate")) {
            ScoreHistogram histogram =
                    new Evaluator(detector, shown).score(pairs, done -> progress.at(done, pairs.size()));
            double limit = threshold == null ? detector.card().threshold() : threshold;
            Confusion confusion = histogram.at(limit);
            scores = new Scores(
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
                    detector.card().name(),
                    data.toString(),
                    split);
        }
        console.result(scores, scores.text());
        return ExitCode.DONE;
    }
}
