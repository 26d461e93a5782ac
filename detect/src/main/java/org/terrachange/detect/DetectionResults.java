package org.terrachange.detect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
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
import org.terrachange.raster.Affine;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.image.PngWriter;
import org.terrachange.raster.image.WorldFile;
import org.terrachange.raster.polygon.GroundMeasure;
import org.terrachange.raster.polygon.SceneLonLat;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.raster.vector.GroundFeatures;
import org.terrachange.raster.vector.Layer;
import org.terrachange.raster.vector.VectorFormat;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Makes all files of a detection from the rows of its scene, wherever these come from.
final class DetectionResults {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String OVERLAY_WORLD_FILE = "overlay.pgw";

    /// The build writes the version into the jar.
    private static final String SOFTWARE = "TerraChange "
            + Objects.requireNonNullElse(Detection.class.getPackage().getImplementationVersion(), "(unpackaged)");

    private final ScenePair pair;
    private final ChangeDetector detector;
    private final DetectionRequest request;
    private final double threshold;

    /// @param detector that makes or made the rows
    DetectionResults(ScenePair pair, ChangeDetector detector, DetectionRequest request) {
        this.pair = pair;
        this.detector = detector;
        this.request = request;
        threshold = request.threshold().orElse(detector.card().threshold());
    }

    /// Writes them into the folder of the request; none appears before all rows have come.
    DetectionSummary write(SceneRows scene) throws IOException, InterruptedException {
        requireGround();
        DetectionSummary summary;
        try (StagedFolder staged = StagedFolder.in(request.folder(), files())) {
            summary = write(scene, staged.path());
            staged.commit(files());
        }
        return summary;
    }

    /// Told before hours of work rather than after them.
    private void requireGround() throws RasterException {
        if (request.simplify().unit() == Tolerance.Unit.METRES && !pair.grid().isGeoreferenced()) {
            throw new RasterException(
                    pair.beforeLocation(),
                    "lies on no ground that is known, so a tolerance of "
                            + request.simplify().value()
                            + " m means nothing there; give the tolerance in pixels, such as 1.5px");
        }
    }

    private DetectionSummary write(SceneRows scene, Path folder) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Grid grid = pair.grid();
        SceneStatistics statistics = new SceneStatistics(threshold);
        Thumbnails thumbnails = new Thumbnails(grid, threshold);
        Map<String, String> origin = origin();
        try (ProbabilityRaster probability = new ProbabilityRaster(
                        folder.resolve("probability.tif"), grid, request.probability(), request.compression(), origin);
                MaskRaster mask =
                        new MaskRaster(folder.resolve("mask.tif"), grid, threshold, request.compression(), origin);
                ChangeVectors vectors = vectors(folder, grid)) {
            double before = scene.bring(
                    (y, count, rows) -> {
                        probability.rows(y, count, rows);
                        mask.rows(y, count, rows);
                        vectors.rows(y, count, rows);
                        statistics.rows(y, count, rows);
                        thumbnails.rows(y, count, rows);
                    },
                    thumbnails.tiles());
            vectors.finish();
            DetectionSummary summary =
                    summary(statistics, vectors, pair.seconds() + before + (System.nanoTime() - start) / 1e9);
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
    private Map<String, String> origin() {
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

    private ChangeVectors vectors(Path folder, Grid grid) throws IOException {
        Optional<SceneLonLat> lonLat = grid.isGeoreferenced() ? Optional.of(SceneLonLat.of(grid)) : Optional.empty();
        GroundFeatures ground = new GroundFeatures(
                grid,
                lonLat.map(position -> GroundMeasure.of(grid, position)).orElseGet(GroundMeasure.Pixels::new),
                request.simplify(),
                request.dates().before(),
                request.dates().after());
        Layer layer = lonLat.map(position -> Layer.onGround(
                        "changes", new Layer.GroundReference(grid.crs().orElseThrow(), position)))
                .orElse(Layer.ofPixels("changes"));
        return new ChangeVectors(folder, request.formats(), grid, layer, ground, threshold, request.minArea());
    }

    private DetectionSummary summary(SceneStatistics statistics, ChangeVectors vectors, double seconds) {
        Grid grid = pair.grid();
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
                files(),
                detector.card().toMetadata());
    }

    /// The names of all files, the one that tells of the others last.
    private List<String> files() {
        List<String> files = new ArrayList<>(List.of("probability.tif", "mask.tif"));
        for (VectorFormat format : request.formats()) {
            files.add("changes." + format.extension());
        }
        files.add("overlay.png");
        if (pair.grid().transform().isPresent()) {
            files.add(OVERLAY_WORLD_FILE);
        }
        files.addAll(List.of("report.html", "summary.json"));
        return files;
    }

    private static List<Double> pixelSize(Affine transform) {
        return List.of(transform.pixelWidth(), transform.pixelHeight());
    }
}
