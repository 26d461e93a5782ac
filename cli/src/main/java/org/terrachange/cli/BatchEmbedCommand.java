package org.terrachange.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.spark.embedding.BatchEmbedding;
import org.terrachange.spark.fleet.SparkFleet;
import org.terrachange.spark.input.DetectorSource;
import org.terrachange.spark.input.SearchModelSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `terrachange batch embed`: a catalogue in, an archive in shards out.
@Command(
        name = "embed",
        description = "Makes a catalogue of image pairs searchable, in shards that are made side by side.",
        footer = {
            "",
            "Each shard in DIR is an index and, as vectors.parquet, a table of its vectors. retrieval search, serve and batch"
                    + " search take DIR as one index.",
            "",
            "Run the same command again after an interruption or when the catalogue has grown: shards of the same pairs are"
                    + " kept."
        })
final class BatchEmbedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Model model;

    @Mixin
    private SearchModelOption search;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private FleetOptions fleet;

    @Parameters(paramLabel = "CATALOGUE", description = "The pairs, as batch detect takes them.")
    private Path catalogue;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Folder of the archive; created if needed. On a cluster, all machines must see it.")
    private Path out;

    @Option(
            names = "--shard-pairs",
            paramLabel = "N",
            defaultValue = "" + BatchEmbedding.DEFAULT_SHARD_PAIRS,
            description = "Pairs of a shard (default: ${DEFAULT-VALUE}).")
    private int shardPairs;

    @Option(names = "--retry", description = "Make shards again in which a pair could not be read before.")
    private boolean retry;

    /// The JSON document.
    private record Embedded(
            String index,
            String model,
            long pairs,
            long windows,
            long failed,
            int shards,
            int present,
            double seconds) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        if (shardPairs < 1) {
            throw new ParameterException(spec.commandLine(), "a shard has at least one pair, got " + shardPairs);
        }
        ComputeMode mode = compute.mode();
        Catalogue _ = Catalogue.open(catalogue);
        Path weights = model.file(console);
        SearchModelOption.Named named = search.named(model.hub(), compute, console);
        long start = System.nanoTime();
        try (SparkFleet workers = fleet.start();
                Progress progress = console.progress("embed")) {
            BatchEmbedding embedding = new BatchEmbedding(
                    workers,
                    DetectorSource.deliver(workers, weights, mode, model.testTimeAugmentation()),
                    SearchModelSource.deliver(workers, named.file(), named.fingerprint(), mode),
                    new BatchEmbedding.Listener() {
                        @Override
                        public void progress(long pairs, long of) {
                            progress.at(pairs, of);
                        }

                        @Override
                        public void failed(String pair, String reason) {
                            console.note("left out " + pair + ": " + reason);
                        }
                    });
            BatchEmbedding.Outcome outcome = embedding.run(catalogue, out, shardPairs, retry);
            double seconds = (System.nanoTime() - start) / 1e9;
            console.result(
                    new Embedded(
                            out.toString(),
                            named.fingerprint().name(),
                            outcome.pairs(),
                            outcome.windows(),
                            outcome.failed(),
                            outcome.shards(),
                            outcome.present(),
                            seconds),
                    String.format(
                            Locale.ROOT,
                            "%s: %,d pairs with %,d windows in %,d shards, %,d of them made before; %,d pairs could not be"
                                    + " read; %s",
                            out,
                            outcome.pairs(),
                            outcome.windows(),
                            outcome.shards(),
                            outcome.present(),
                            outcome.failed(),
                            Durations.words(seconds)));
            return outcome.failed() > 0 ? ExitCode.FAILURE : ExitCode.DONE;
        }
    }
}
