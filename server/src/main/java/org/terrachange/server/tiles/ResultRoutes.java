package org.terrachange.server.tiles;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.rgb.Stretch;
import org.terrachange.server.detection.JobScene;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.JobState;
import org.terrachange.server.storage.ImageStore;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;
import tools.jackson.databind.JsonNode;

/// What pages show of results: `/jobs/{id}/view`, tiles and pictures.
public final class ResultRoutes implements RouteGroup {
    /// The results of a job never change.
    private static final String KEEP = "private, max-age=86400, immutable";

    private static final double HIGH_CONFIDENCE = 0.7;
    private static final int DEFAULT_SIZE = 2_048;

    private final JobQueue jobs;
    private final JobFolders folders;
    private final ImageStore images;
    private final TileService tiles;

    /// @param tiles closed by its owner
    public ResultRoutes(JobQueue jobs, JobFolders folders, ImageStore images, TileService tiles) {
        this.jobs = jobs;
        this.folders = folders;
        this.images = images;
        this.tiles = tiles;
    }

    /// How the layers are cut into tiles.
    ///
    /// @param url with `{layer}`, `{z}`, `{x}` and `{y}` in place of what they are called
    private record Tiles(
            String scheme,
            int tileSize,
            int minZoom,
            int maxZoom,
            List<Double> extent,
            Optional<SceneView.Mesh> mesh,
            String url) {}

    /// The JSON document.
    private record View(
            String job,
            String title,
            boolean georeferenced,
            Optional<String> crs,
            int width,
            int height,
            OptionalDouble pixelAreaM2,
            double threshold,
            double highConfidence,
            double minArea,
            List<Long> histogram,
            long validPixels,
            Optional<List<Long>> truthHistogram,
            List<Double> affine,
            Tiles tiles,
            List<String> layers,
            JsonNode summary) {}

    @Override
    public void addTo(Routes routes) {
        routes.json("/jobs/{id}/view", this::view);
        routes.file("/jobs/{id}/tiles/{layer}/{z}/{x}/{y}", this::tile);
        routes.file("/jobs/{id}/probability.png", this::probability);
        routes.file("/jobs/{id}/pictures/{overlay}", this::picture);
    }

    private void view(Context context) throws IOException, InterruptedException {
        Job job = finished(context);
        JsonNode summary = summary(job);
        SceneView scene = read(() -> tiles.view(job.id(), () -> files(job)));
        Json.answer(
                context,
                new View(
                        job.id(),
                        job.title(),
                        scene.georeferenced(),
                        scene.crs(),
                        scene.width(),
                        scene.height(),
                        scene.pixelAreaM2(),
                        summary.path("threshold").asDouble(),
                        HIGH_CONFIDENCE,
                        summary.path("minArea").asDouble(),
                        scene.histogram(),
                        scene.validPixels(),
                        scene.truthHistogram(),
                        scene.affine(),
                        new Tiles(
                                scene.scheme(),
                                scene.tileSize(),
                                scene.minZoom(),
                                scene.maxZoom(),
                                scene.extent(),
                                scene.mesh(),
                                "/jobs/" + job.id() + "/tiles/{layer}/{z}/{x}/{y}.png"),
                        scene.layers(),
                        summary));
    }

    private void tile(Context context) throws IOException, InterruptedException {
        Job job = finished(context);
        Layer layer = Layer.parse(context.pathParam("layer")).orElseThrow(() -> nothing(context));
        TileAddress address = address(context);
        png(context, read(() -> tiles.tile(job.id(), () -> files(job), layer, address)));
    }

    private static TileAddress address(Context context) {
        String last = context.pathParam("y");
        if (!last.endsWith(".png")) {
            throw nothing(context);
        }
        try {
            return new TileAddress(
                    Integer.parseInt(context.pathParam("z")),
                    Integer.parseInt(context.pathParam("x")),
                    Integer.parseInt(last.substring(0, last.length() - ".png".length())));
        } catch (NumberFormatException e) {
            throw nothing(context);
        } catch (IllegalArgumentException e) {
            throw Refusal.notFound(String.valueOf(e.getMessage()));
        }
    }

    private void probability(Context context) throws IOException, InterruptedException {
        Job job = finished(context);
        int size = size(context);
        png(context, Optional.of(read(() -> tiles.probability(job.id(), () -> files(job), size))));
    }

    private void picture(Context context) throws IOException, InterruptedException {
        Job job = finished(context);
        String name = context.pathParam("overlay");
        Overlay overlay = Overlay.parse(name.endsWith(".png") ? name.substring(0, name.length() - 4) : "")
                .orElseThrow(() -> nothing(context));
        int size = size(context);
        double threshold = summary(job).path("threshold").asDouble();
        png(context, read(() -> tiles.overview(job.id(), () -> files(job), overlay, threshold, size)));
    }

    private static int size(Context context) {
        String size = context.queryParam("size");
        try {
            int pixels = size == null ? DEFAULT_SIZE : Integer.parseInt(size);
            return TileService.requireSize(pixels);
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("size must be a whole number, got '" + Refusal.quoted(String.valueOf(size)) + "'");
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static void png(Context context, Optional<byte[]> png) {
        context.result(png.orElseThrow(() -> nothing(context)))
                .contentType("image/png")
                .header("Cache-Control", KEEP);
    }

    private static Refusal nothing(Context context) {
        return Refusal.notFound("there is nothing at " + Refusal.quoted(context.path()));
    }

    private Job finished(Context context) throws IOException {
        Job job = jobs.find(context.pathParam("id")).orElseThrow(() -> Refusal.notFound("there is no such job"));
        if (job.state() != JobState.SUCCESSFUL) {
            throw Refusal.notFound(
                    "this job has no results: it is " + job.state().label());
        }
        return job;
    }

    private JsonNode summary(Job job) throws IOException {
        try {
            return Json.MAPPER.readTree(
                    Files.readString(folders.of(job.id()).results().resolve("summary.json")));
        } catch (NoSuchFileException e) {
            throw gone();
        }
    }

    private SceneFiles files(Job job) throws IOException {
        JobScene scene = JobScene.of(job, folders, images);
        JsonNode alignment = summary(job).path("alignment");
        Optional<Stretch> stretch = alignment.path("stretchLow").isArray()
                ? Optional.of(new Stretch(limits(alignment.path("stretchLow")), limits(alignment.path("stretchHigh"))))
                : Optional.empty();
        return new SceneFiles(
                () -> scene.before().open(images.mostPixels()),
                () -> scene.after().open(images.mostPixels()),
                scene.folder().results().resolve("probability.tif"),
                scene.truth(),
                stretch);
    }

    private static List<Double> limits(JsonNode values) {
        List<Double> limits = new ArrayList<>();
        for (JsonNode value : values) {
            limits.add(value.asDouble());
        }
        return limits;
    }

    /// Something that reads the files of a result.
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException, InterruptedException;
    }

    private static <T> T read(Reading<T> reading) throws IOException, InterruptedException {
        try {
            return reading.read();
        } catch (RasterException e) {
            throw gone();
        }
    }

    /// Results may be removed while somebody looks at them, and images of a served folder at any time.
    private static Refusal gone() {
        return Refusal.of(HttpStatus.GONE, "the files of this result cannot be read any more");
    }
}
