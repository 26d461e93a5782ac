package org.terrachange.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.warp.Interpolation;
import org.terrachange.raster.warp.TargetGrid;
import org.terrachange.spark.detection.BatchDetection;
import org.terrachange.spark.detection.DetectSettings;
import org.terrachange.spark.fleet.SparkFleet;
import org.terrachange.spark.input.DetectorSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `terrachange batch detect`: a catalogue in, the change maps of all its pairs and one table out.
@Command(
        name = "detect",
        description = "Finds what changed in every pair of a catalogue.",
        footer = {
            "",
            "CATALOGUE is what retrieval index takes: a folder of pairs, a table, a STAC item collection, or an HDF5 file"
                    + " of pairs.",
            "",
            "Writes into DIR a folder a pair, with the files of terrachange detect, and results.parquet, one row a pair."
                    + " A pair that fails is a row that says why; the command then ends with 1. Run it again to go on"
                    + " where it was: what is done is passed over."
        })
final class BatchDetectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Model model;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private AlignmentOptions alignment;

    @Mixin
    private ResultOptions results;

    @Mixin
    private FleetOptions fleet;

    @Parameters(paramLabel = "CATALOGUE", description = "The pairs.")
    private Path catalogue;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for the results; created if needed. On a cluster, all machines must see it.")
    private Path out;

    @Option(
            names = "--band-rows",
            paramLabel = "N",
            defaultValue = "" + BatchDetection.DEFAULT_BAND_ROWS,
            description = "Scenes of more rows of tiles are divided among tasks, at most this many rows each (default:"
                    + " ${DEFAULT-VALUE}).")
    private int bandRows;

    /// The JSON document.
    private record Detected(
            String catalogue,
            String out,
            String table,
            long done,
            long present,
            long failed,
            long bands,
            double seconds) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        DetectSettings settings = SharedOptions.checked(spec, this::settings);
        ComputeMode mode = compute.mode();
        // Before Spark is started, as far as that takes no time.
        Catalogue _ = Catalogue.open(catalogue);
        Path weights = model.file(console);
        long start = System.nanoTime();
        try (SparkFleet workers = fleet.start();
                BatchProgress progress = new BatchProgress(console)) {
            DetectorSource detector = DetectorSource.deliver(workers, weights, mode, model.testTimeAugmentation());
            BatchDetection.Outcome outcome = SharedOptions.checked(
                            spec, () -> new BatchDetection(workers, settings, detector, bandRows, progress))
                    .run(catalogue, out);
            progress.close();
            double seconds = (System.nanoTime() - start) / 1e9;
            Path table = out.resolve(BatchDetection.TABLE);
            console.result(
                    new Detected(
                            catalogue.toString(),
                            out.toString(),
                            table.toString(),
                            outcome.done(),
                            outcome.present(),
                            outcome.failed(),
                            outcome.bands(),
                            seconds),
                    String.format(
                            Locale.ROOT,
                            "%s: %,d pairs detected, %,d done before, %,d failed, in %s",
                            table,
                            outcome.done(),
                            outcome.present(),
                            outcome.failed(),
                            Durations.words(seconds)));
            return outcome.failed() > 0 ? ExitCode.FAILURE : ExitCode.DONE;
        }
    }

    private DetectSettings settings() {
        @Nullable Path area = alignment.areaOfInterest;
        DetectSettings settings = new DetectSettings(
                alignment.bands,
                alignment.afterBands,
                alignment.nodata,
                TargetGrid.parse(alignment.grid),
                Interpolation.parse(alignment.resampling),
                alignment.resolution,
                GsdPolicy.parse(alignment.gsd),
                alignment.register,
                area == null ? null : area.toAbsolutePath().toString(),
                results.threshold,
                results.tile,
                results.overlap,
                results.minArea,
                results.simplify,
                results.formats,
                ProbabilityFormat.parse(results.probability),
                Compression.parse(results.compression));
        // What is of no use is told before Spark is started, by the checks of the request itself.
        settings.request(PairEntry.of("pair", "before", "after"), out);
        return settings;
    }
}
