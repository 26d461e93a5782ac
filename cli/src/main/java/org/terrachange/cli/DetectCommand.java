package org.terrachange.cli;

import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.terrachange.detect.Detection;
import org.terrachange.detect.DetectionRequest;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.raster.vector.VectorFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `terrachange detect`: two images in, a change map out.
@Command(
        name = "detect",
        description = "Finds what changed between two images of one place and writes a change map.",
        footer = {
            "",
            "Writes probability.tif, mask.tif, changes.geojson, overlay.png, report.html and summary.json into DIR."
        })
final class DetectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Model model;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private SceneOptions scene;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for the results; created if needed.")
    private Path out;

    @Mixin
    private ResultOptions results;

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        DetectionRequest request = SharedOptions.checked(spec, this::request);
        DetectionSummary summary;
        try (ChangeDetector detector = model.load(compute, console);
                Progress progress = console.progress("detect")) {
            summary = Detection.run(detector, request, progress::at);
        }
        console.result(summary, DetectionText.of(summary, out));
        return ExitCode.DONE;
    }

    private DetectionRequest request() {
        return new DetectionRequest(
                scene.request(),
                scene.dates(),
                out,
                results.threshold == null ? OptionalDouble.empty() : OptionalDouble.of(results.threshold),
                results.tile,
                results.overlap,
                results.minArea,
                Tolerance.parse(results.simplify),
                results.formats.stream().map(VectorFormat::parse).toList(),
                ProbabilityFormat.parse(results.probability),
                Compression.parse(results.compression));
    }
}
