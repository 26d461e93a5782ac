package org.terrachange.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.synthetic.Scene;
import org.terrachange.data.synthetic.SceneSpec;
import org.terrachange.data.synthetic.SceneStyle;
import org.terrachange.data.synthetic.SyntheticPairWriter;
import org.terrachange.detect.Detection;
import org.terrachange.detect.DetectionRequest;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.hub.cache.CacheFolder;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.raster.vector.VectorFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `terrachange demo`: the main job on a sample.
@Command(
        name = "demo",
        description = "Runs the main job on a sample: makes a synthetic pair, detects what changed in it, and says"
                + " where the results are.")
final class DemoCommand implements Callable<Integer> {
    private static final long SEED = 12;
    private static final int SIZE = 1024;
    private static final double MIN_AREA = 10;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Model model;

    @Mixin
    private SharedOptions.Compute compute;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for sample and results (default: terrachange/demo in the user's cache folder).")
    private @Nullable Path out;

    /// The JSON document.
    private record Shown(String sample, String results, DetectionSummary summary) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        Path folder = out == null ? CacheFolder.of(System.getenv()).resolve("demo") : out;
        Path sample = folder.resolve("sample");
        Path results = folder.resolve("results");
        DetectionSummary summary;
        try (ChangeDetector detector = model.load(compute, console)) {
            // This file is written last, so a folder that has it has the whole sample.
            if (Files.notExists(sample.resolve("captions.json"))) {
                console.note("making a sample pair of " + SIZE + " x " + SIZE + " pixels in " + sample);
                SyntheticPairWriter.write(
                        Scene.of(SceneSpec.of(SEED, SIZE, SIZE).withStyle(SceneStyle.SUBURB)), sample);
            }
            try (Progress progress = console.progress("detect")) {
                summary = Detection.run(detector, request(sample, results), progress::at);
            }
        }
        console.result(
                new Shown(sample.toString(), results.toString(), summary),
                DetectionText.of(summary, results)
                        + "The sample and its exact truth (mask.tif, changes.geojson) are in "
                        + sample + "." + System.lineSeparator() + "Open " + results.resolve("report.html")
                        + " in a browser to look at what was found.");
        return ExitCode.DONE;
    }

    private static DetectionRequest request(Path sample, Path results) {
        return new DetectionRequest(
                SceneRequest.of(
                        sample.resolve("before.tif").toString(),
                        sample.resolve("after.tif").toString()),
                SceneDates.UNKNOWN,
                results,
                OptionalDouble.empty(),
                DetectionRequest.DEFAULT_TILE,
                DetectionRequest.DEFAULT_OVERLAP,
                MIN_AREA,
                new Tolerance(1, Tolerance.Unit.PIXELS),
                List.of(VectorFormat.parse("geojson"), VectorFormat.parse("gpkg")),
                ProbabilityFormat.UINT8,
                Compression.DEFLATE);
    }
}
