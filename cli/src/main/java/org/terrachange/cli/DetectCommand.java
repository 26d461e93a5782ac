package org.terrachange.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--threshold",
            paramLabel = "P",
            description = "Probability from which a pixel counts as changed, between 0 and 1 (default: the model's"
                    + " own).")
    private @Nullable Double threshold;

    @Option(
            names = "--tile",
            paramLabel = "PX",
            defaultValue = "" + DetectionRequest.DEFAULT_TILE,
            description = "Width and height of the tiles that the network sees, a multiple of 32"
                    + " (default: ${DEFAULT-VALUE}).")
    private int tile;

    @Option(
            names = "--overlap",
            paramLabel = "PX",
            defaultValue = "" + DetectionRequest.DEFAULT_OVERLAP,
            description = "Pixels that neighbouring tiles share, at most half a tile (default: ${DEFAULT-VALUE}).")
    private int overlap;

    @Option(
            names = "--min-area",
            paramLabel = "M2",
            defaultValue = "0",
            description = "Smallest change that becomes a polygon, in square metres; in pixels for images without"
                    + " georeference (default: ${DEFAULT-VALUE}).")
    private double minArea;

    @Option(
            names = "--simplify",
            paramLabel = "DISTANCE",
            defaultValue = "0px",
            description = "How far outlines may leave the pixels' edges, such as 1.5px or 2m; 0px keeps them exact"
                    + " (default: ${DEFAULT-VALUE}).")
    private String simplify;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "geojson",
            description = "Files for the polygons, several with commas: geojson, gpkg, fgb, geoparquet (default:"
                    + " ${DEFAULT-VALUE}).")
    private List<String> formats;

    @Option(
            names = "--probability",
            paramLabel = "TYPE",
            defaultValue = "uint8",
            description = "Samples of probability.tif: uint8 (0 to 254) or float32 (default: ${DEFAULT-VALUE}).")
    private String probability;

    @Option(
            names = "--compress",
            paramLabel = "NAME",
            defaultValue = "deflate",
            description = "Compression of the rasters: deflate, zstd (smaller, needs GDAL 2.3 or later), lzw or none"
                    + " (default: ${DEFAULT-VALUE}).")
    private String compression;

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
                threshold == null ? OptionalDouble.empty() : OptionalDouble.of(threshold),
                tile,
                overlap,
                minArea,
                Tolerance.parse(simplify),
                formats.stream().map(VectorFormat::parse).toList(),
                ProbabilityFormat.parse(probability),
                Compression.parse(compression));
    }
}
