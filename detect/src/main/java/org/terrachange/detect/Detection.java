package org.terrachange.detect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.product.ChangeVectors;
import org.terrachange.detect.product.MaskRaster;
import org.terrachange.detect.product.ProbabilityRaster;
import org.terrachange.detect.product.Product;
import org.terrachange.detect.product.SceneStatistics;
import org.terrachange.detect.product.Thumbnails;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.detect.report.Report;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.detect.scene.SceneScanner;
import org.terrachange.raster.Affine;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.image.PngWriter;
import org.terrachange.raster.image.WorldFile;
import org.terrachange.raster.polygon.GroundMeasure;
import org.terrachange.raster.polygon.SceneLonLat;
import org.terrachange.raster.vector.GroundFeatures;
import org.terrachange.raster.vector.Layer;
import org.terrachange.raster.vector.VectorFormat;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Detects change over a pair of scenes and leaves behind `probability.tif`, `mask.tif`, `changes.*`,
/// `overlay.png` with its world file, `report.html` and `summary.json`.
///
/// No file appears before the whole scene is done: a run that fails or is cancelled leaves the folder as it was.
public final class Detection {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String OVERLAY_WORLD_FILE = "overlay.pgw";

    /// The build writes the version into the jar.
    private static final String SOFTWARE = "TerraChange "
            + Objects.requireNonNullElse(Detection.class.getPackage().getImplementationVersion(), "(unpackaged)");

    private Detection() {}

    /// Hears how far a detection is.
    @FunctionalInterface
    public interface Progress {
        void tiles(long done, long total);
    }

    /// Runs a detection from start to end.
    ///
    /// @throws org.terrachange.raster.RasterException if an image cannot be read or a result cannot be written
    /// @throws org.terrachange.raster.warp.MisfitException if the images have no common grid
    /// @throws InterruptedException if the calling thread is interrupted
    public static DetectionSummary run(ChangeDetector detector, DetectionRequest request, Progress progress)
            throws IOException, InterruptedException {
        return run(ScenePair.open(request.scene(), detector.card().gsdRange()), detector, request, progress);
    }

    /// Runs a detection over two images that are open already, under the names that results shall give them.
    ///
    /// @param before closed in the end, whatever happens
    /// @param after the same
    /// @param request its names of images count for nothing
    /// @throws org.terrachange.raster.RasterException as [#run(ChangeDetector, DetectionRequest, Progress)]
    /// @throws org.terrachange.raster.warp.MisfitException if the images have no common grid
    /// @throws InterruptedException if the calling thread is interrupted
    public static DetectionSummary run(
            RasterSource before,
            RasterSource after,
            ChangeDetector detector,
            DetectionRequest request,
            Progress progress)
            throws IOException, InterruptedException {
        return run(
                ScenePair.between(
                        before, after, request.scene(), detector.card().gsdRange()),
                detector,
                request,
                progress);
    }

    private static DetectionSummary run(
            ScenePair open, ChangeDetector detector, DetectionRequest request, Progress progress)
            throws IOException, InterruptedException {
        try (ScenePair pair = open) {
            createFolder(request.folder());
            return detect(pair, detector, request, progress);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException(folder + ": cannot be created as an output folder; choose another", e);
        }
    }

    private static DetectionSummary detect(
            ScenePair pair, ChangeDetector detector, DetectionRequest request, Progress progress)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path folder = request.folder();
        Grid grid = pair.grid();
        double threshold = request.threshold().orElse(detector.card().threshold());
        SceneScanner scanner = new SceneScanner(pair, detector, request.tile(), request.overlap());
        SceneStatistics statistics = new SceneStatistics(threshold);
        Thumbnails thumbnails = new Thumbnails(grid, threshold);
        Map<String, String> origin = origin(pair, detector, request, threshold);
        try (ProbabilityRaster probability = new ProbabilityRaster(
                        folder.resolve("probability.tif"), grid, request.probability(), request.compression(), origin);
                MaskRaster mask =
                        new MaskRaster(folder.resolve("mask.tif"), grid, threshold, request.compression(), origin);
                ChangeVectors vectors = vectors(request, grid, threshold)) {
            scanner.scan(
                    thumbnails::show,
                    (y, count, rows) -> {
                        probability.rows(y, count, rows);
                        mask.rows(y, count, rows);
                        vectors.rows(y, count, rows);
                        statistics.rows(y, count, rows);
                        thumbnails.rows(y, count, rows);
                    },
                    done -> progress.tiles(done, scanner.tiles()));
            vectors.finish();
            DetectionSummary summary =
                    summary(pair, detector, request, threshold, statistics, vectors, (System.nanoTime() - start) / 1e9);
            for (Product product : List.of(probability, mask, vectors)) {
                product.commit();
            }
            PngWriter.write(folder.resolve("overlay.png"), thumbnails.overlay());
            if (grid.transform().isPresent()) {
                int factor = thumbnails.factor();
                WorldFile.write(
                        folder.resolve(OVERLAY_WORLD_FILE),
                        grid.transform().get().scaled(factor, factor));
            }
            AtomicFile.write(
                    folder.resolve("report.html"),
                    file -> Files.writeString(file, new Report(summary, grid, thumbnails, vectors.largest()).html()));
            AtomicFile.write(
                    folder.resolve("summary.json"),
                    file -> Files.writeString(file, JSON.writeValueAsString(summary) + System.lineSeparator()));
            return summary;
        }
    }

    /// What a raster should say of how it came about.
    private static Map<String, String> origin(
            ScenePair pair, ChangeDetector detector, DetectionRequest request, double threshold) {
        Map<String, String> origin = new LinkedHashMap<>();
        origin.put("SOFTWARE", SOFTWARE);
        origin.put("MODEL", detector.card().name());
        origin.put("THRESHOLD", Double.toString(threshold));
        origin.put("BEFORE", pair.beforeLocation());
        origin.put("AFTER", pair.afterLocation());
        request.dates().before().ifPresent(date -> origin.put("BEFORE_DATE", date));
        request.dates().after().ifPresent(date -> origin.put("AFTER_DATE", date));
        return origin;
    }

    private static ChangeVectors vectors(DetectionRequest request, Grid grid, double threshold) throws IOException {
        Optional<SceneLonLat> lonLat = grid.isGeoreferenced() ? Optional.of(SceneLonLat.of(grid)) : Optional.empty();
        GroundFeatures ground = new GroundFeatures(
                grid,
                GroundMeasure.of(grid, lonLat.map(SceneLonLat::toWgs84).orElse(UnaryOperator.identity())),
                request.simplify(),
                request.dates().before(),
                request.dates().after());
        Layer layer = lonLat.map(position -> Layer.onGround(
                        "changes", new Layer.GroundReference(grid.crs().orElseThrow(), position)))
                .orElse(Layer.ofPixels("changes"));
        return new ChangeVectors(
                request.folder(), request.formats(), grid, layer, ground, threshold, request.minArea());
    }

    private static DetectionSummary summary(
            ScenePair pair,
            ChangeDetector detector,
            DetectionRequest request,
            double threshold,
            SceneStatistics statistics,
            ChangeVectors vectors,
            double seconds) {
        Grid grid = pair.grid();
        List<String> files = new ArrayList<>(List.of("probability.tif", "mask.tif"));
        for (VectorFormat format : request.formats()) {
            files.add("changes." + format.extension());
        }
        files.add("overlay.png");
        if (grid.transform().isPresent()) {
            files.add(OVERLAY_WORLD_FILE);
        }
        files.addAll(List.of("report.html", "summary.json"));
        return new DetectionSummary(
                pair.beforeLocation(),
                pair.afterLocation(),
                request.dates().before(),
                request.dates().after(),
                grid.width(),
                grid.height(),
                grid.crs().map(Crs::name),
                grid.isGeoreferenced() ? pixelSize(grid.transform().orElseThrow()) : List.of(),
                pair.alignment(),
                detector.card().name(),
                detector.card().layout().label(),
                detector.mode().precision().label(),
                threshold,
                request.tile(),
                request.overlap(),
                request.minArea(),
                statistics.validPixels(),
                statistics.changedPixels(),
                statistics.changedShare(),
                grid.isGeoreferenced() ? OptionalDouble.of(vectors.area()) : OptionalDouble.empty(),
                vectors.count(),
                vectors.cuts(),
                statistics.meanProbability(),
                statistics.meanChangeProbability(),
                statistics.highConfidenceShare(),
                seconds,
                files,
                detector.card().toMetadata());
    }

    private static List<Double> pixelSize(Affine transform) {
        return List.of(transform.pixelWidth(), transform.pixelHeight());
    }
}
