package org.terrachange.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.retrieval.RetrievalSet;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.search.evaluate.Gallery;
import org.terrachange.search.evaluate.GalleryEmbedder;
import org.terrachange.search.evaluate.Recall;
import org.terrachange.search.evaluate.RetrievalEvaluator;
import org.terrachange.search.evaluate.RetrievalEvaluator.Scope;
import org.terrachange.search.evaluate.RetrievalScores;
import org.terrachange.search.model.SearchModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// `terrachange retrieval evaluate`: Recall@K of a search model in both directions.
@Command(
        name = "evaluate",
        abbreviateSynopsis = true,
        description =
                "Scores how often a text finds its pair and a pair its text: Recall@1, 5, 10 and mean reciprocal rank,"
                        + " beside what a random order reaches.")
final class RetrievalEvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private SharedOptions.Hub hub;

    @Option(
            names = "--checkpoint",
            paramLabel = "NAME|FILE",
            defaultValue = "terrachange-search",
            description =
                    "A model by name (see: terrachange models list), or a file as retrieval train writes it (default:"
                            + " ${DEFAULT-VALUE}).")
    private String checkpoint;

    @Option(
            names = "--hdf5-dir",
            required = true,
            paramLabel = "DIR",
            description = "Folder of {dataset}_{split}.h5, as retrieval prepare writes them.")
    private Path images;

    @Option(
            names = "--caption-dir",
            paramLabel = "DIR",
            description = "Folder of {dataset}_{split}_captions.json (default: that of --hdf5-dir).")
    private @Nullable Path captions;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "test",
            description = "Part of the data sets (default: ${DEFAULT-VALUE}).")
    private String split;

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            description = "The change encoder that the checkpoint is expected to hold: difference, concat, learned,"
                    + " cross_attn or fst (default: whatever it holds).")
    private @Nullable String strategy;

    /// One direction under one choice of pairs, strict scores first; the equivalent ones count every pair of
    /// equal meaning.
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Direction(
            int gallery,
            int queries,
            double r1,
            double r5,
            double r10,
            double mrr,
            double randomR1,
            double randomR5,
            double randomR10,
            double randomMrr,
            List<Double> r1Interval,
            List<Double> r5Interval,
            List<Double> r10Interval,
            double equivalentR1,
            double equivalentR5,
            double equivalentR10,
            double equivalentMrr,
            double randomEquivalentR1,
            double randomEquivalentR5,
            double randomEquivalentR10) {

        static Direction of(RetrievalScores scores) {
            Recall strict = scores.strict();
            Recall random = scores.randomStrict();
            Recall alike = scores.equivalent();
            Recall randomAlike = scores.randomEquivalent();
            return new Direction(
                    scores.gallery(),
                    scores.queries(),
                    strict.r1(),
                    strict.r5(),
                    strict.r10(),
                    strict.mrr(),
                    random.r1(),
                    random.r5(),
                    random.r10(),
                    random.mrr(),
                    List.of(scores.low().r1(), scores.high().r1()),
                    List.of(scores.low().r5(), scores.high().r5()),
                    List.of(scores.low().r10(), scores.high().r10()),
                    alike.r1(),
                    alike.r5(),
                    alike.r10(),
                    alike.mrr(),
                    randomAlike.r1(),
                    randomAlike.r5(),
                    randomAlike.r10());
        }

        String text(String name) {
            return String.format(
                    Locale.ROOT,
                    "%-34s %5d of %5d  R@1 %5.1f (%4.1f)  R@5 %5.1f (%4.1f)  R@10 %5.1f (%4.1f) [%.1f-%.1f]  MRR %.3f%n",
                    name,
                    queries,
                    gallery,
                    100 * r1,
                    100 * randomR1,
                    100 * r5,
                    100 * randomR5,
                    100 * r10,
                    100 * randomR10,
                    100 * r10Interval.getFirst(),
                    100 * r10Interval.getLast(),
                    mrr);
        }
    }

    /// The JSON document; the keys of texts that ask for pairs among all stand at its top.
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Scored(
            String model,
            String strategy,
            String split,
            @JsonUnwrapped Direction textToChange,
            Direction changeToText,
            Direction changedTextToAll,
            Direction changedTextToChanged,
            Direction changedToText) {

        String text() {
            return String.format(
                            Locale.ROOT, "%s, %s, %s; queries of gallery, random in brackets%n", model, strategy, split)
                    + textToChange.text("text to change")
                    + changeToText.text("change to text")
                    + changedTextToAll.text("text of a change to all pairs")
                    + changedTextToChanged.text("text of a change to changed pairs")
                    + changedToText.text("changed pair to texts of changes");
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        List<RetrievalSet> sets = RetrievalSet.openAll(images, captions == null ? images : captions, split);
        try (SearchModel model = SearchModel.load(hub.resolve(checkpoint, console), compute.mode());
                Progress progress = console.progress("embed")) {
            requireStrategy(model.card().strategy());
            Gallery gallery = new GalleryEmbedder(model).embed(sets, progress::at);
            Scored scored = new Scored(
                    model.card().name(),
                    model.card().strategy().label(),
                    split,
                    Direction.of(new RetrievalEvaluator(gallery, Scope.ALL).textToChange()),
                    Direction.of(new RetrievalEvaluator(gallery, Scope.ALL).changeToText()),
                    Direction.of(new RetrievalEvaluator(gallery, Scope.CHANGED_QUERIES).textToChange()),
                    Direction.of(new RetrievalEvaluator(gallery, Scope.CHANGED_ONLY).textToChange()),
                    Direction.of(new RetrievalEvaluator(gallery, Scope.CHANGED_ONLY).changeToText()));
            console.result(scored, scored.text());
        } finally {
            sets.forEach(RetrievalSet::close);
        }
        return ExitCode.DONE;
    }

    private void requireStrategy(ChangeStrategy held) {
        String expected = strategy;
        if (expected != null && SharedOptions.checked(spec, () -> ChangeStrategy.parse(expected)) != held) {
            throw new ParameterException(
                    spec.commandLine(), checkpoint + " holds the change encoder " + held.label() + ", not " + strategy);
        }
    }
}
