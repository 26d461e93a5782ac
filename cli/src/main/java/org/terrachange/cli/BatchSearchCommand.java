package org.terrachange.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.terrachange.data.catalogue.QueryTable;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.spark.fleet.SparkFleet;
import org.terrachange.spark.input.SearchModelSource;
import org.terrachange.spark.query.BatchSearch;
import org.terrachange.spark.query.HitTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `terrachange batch search`: many texts in, a table of hits out.
@Command(
        name = "search",
        description = "Finds the changes of an archive that many texts describe, one search each.",
        footer = {
            "",
            "QUERIES is a text file with a text a line, or a table (.csv, .tsv, .parquet) with the column query or text."
        })
final class BatchSearchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SearchModelOption search;

    @Mixin
    private SharedOptions.Hub hub;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private FleetOptions fleet;

    @Parameters(paramLabel = "QUERIES", description = "The texts.")
    private Path queries;

    @Option(
            names = "--index",
            required = true,
            paramLabel = "DIR",
            description = "The archive: an index, or shards as batch embed makes them.")
    private Path index;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILE",
            description = "Where the table goes; .parquet or .csv.")
    private Path out;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "Most hits of each text (default: ${DEFAULT-VALUE}).")
    private int limit;

    /// The JSON document.
    private record Answered(String index, String table, long queries, long hits, long unmatched, double seconds) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        HitTable _ = SharedOptions.checked(spec, () -> HitTable.of(out));
        if (limit < 1 || limit > ArchiveSearcher.MOST) {
            throw new ParameterException(
                    spec.commandLine(), "--limit must be between 1 and " + ArchiveSearcher.MOST + ", got " + limit);
        }
        List<String> texts = QueryTable.read(queries);
        SearchModelOption.Named named = search.named(hub, compute, console);
        long start = System.nanoTime();
        try (SparkFleet workers = fleet.start();
                Progress progress = console.progress("search")) {
            BatchSearch.Outcome outcome = new BatchSearch(
                            workers,
                            SearchModelSource.deliver(workers, named.file(), named.fingerprint(), compute.mode()))
                    .run(texts, index, limit, out, progress::at);
            double seconds = (System.nanoTime() - start) / 1e9;
            console.result(
                    new Answered(
                            index.toString(),
                            out.toString(),
                            outcome.queries(),
                            outcome.hits(),
                            outcome.unmatched(),
                            seconds),
                    String.format(
                            Locale.ROOT,
                            "%s: %,d hits of %,d texts, of which %,d found no match, in %s",
                            out,
                            outcome.hits(),
                            outcome.queries(),
                            outcome.unmatched(),
                            Durations.words(seconds)));
        }
        return ExitCode.DONE;
    }
}
