package org.terrachange.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.captioned.ExampleSettings;
import org.terrachange.data.captioned.PublishedLayout;
import org.terrachange.data.captioned.RetrievalPreparation;
import org.terrachange.data.captioned.RetrievalPreparation.Summary;
import org.terrachange.data.retrieval.RetrievalFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `terrachange retrieval prepare`: published data sets to HDF5 and captions.
@Command(
        name = "prepare",
        abbreviateSynopsis = true,
        description =
                "Brings a published data set into {dataset}_{split}.h5 and {dataset}_{split}_captions.json. Data sets"
                        + " with masks or damage polygons but without sentences get sentences from what those show.")
final class RetrievalPrepareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Option(
            names = "--dataset",
            required = true,
            paramLabel = "NAME",
            description = "Layout of the data set: levir-cc, levir-mci, levir-cd, whu-cd, s2looking or xbd.")
    private String dataset;

    @Option(names = "--root", required = true, paramLabel = "DIR", description = "Folder of the data set.")
    private Path root;

    @Option(
            names = "--split",
            required = true,
            arity = "1..*",
            split = ",",
            paramLabel = "NAME",
            description = "Splits to prepare, such as train,val,test; all for a folder without splits.")
    private List<String> splits = List.of();

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for the files.")
    private Path out;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the files' names begin with (default: the name of the data set).")
    private @Nullable String name;

    @Option(
            names = "--window",
            paramLabel = "PX",
            defaultValue = "256",
            description =
                    "Width and height of the windows that larger scenes are cut into (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--size",
            paramLabel = "PX",
            defaultValue = "256",
            description = "Width and height of the stored images (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--unchanged",
            paramLabel = "SHARE",
            defaultValue = "0.3",
            description = "Share of the unchanged windows of masked scenes that is kept (default: ${DEFAULT-VALUE}).")
    private double unchanged;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides wording and which unchanged windows are kept (default: ${DEFAULT-VALUE}).")
    private long seed;

    /// @param left windows left out
    private record Prepared(
            String split, String images, String captions, int pairs, int samples, int changed, int left) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "%s: %,d examples from %,d pairs, %,d of them changed; %,d windows left out%n  %s%n  %s",
                    split,
                    samples,
                    pairs,
                    changed,
                    left,
                    images,
                    captions);
        }
    }

    private record Result(List<Prepared> splits) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        PublishedLayout layout = SharedOptions.checked(spec, () -> PublishedLayout.parse(dataset));
        ExampleSettings settings =
                SharedOptions.checked(spec, () -> new ExampleSettings(window, size, unchanged, seed));
        Files.createDirectories(out);
        String begin = name == null ? layout.published() : name;
        List<Prepared> prepared = new java.util.ArrayList<>();
        for (String split : splits) {
            RetrievalFiles files = RetrievalFiles.of(out, out, begin, split);
            try (Progress progress = console.progress(split)) {
                Summary summary = RetrievalPreparation.write(
                        layout, root, split, begin, files, settings, (done, all) -> progress.at(done, all));
                prepared.add(new Prepared(
                        split,
                        files.images().toString(),
                        files.captions().toString(),
                        summary.pairs(),
                        summary.samples(),
                        summary.changed(),
                        summary.left()));
            }
        }
        console.result(
                new Result(prepared),
                String.join(
                        System.lineSeparator(),
                        prepared.stream().map(Prepared::text).toList()));
        return ExitCode.DONE;
    }
}
