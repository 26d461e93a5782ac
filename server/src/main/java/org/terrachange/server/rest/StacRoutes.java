package org.terrachange.server.rest;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.tiff.TiffSource;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.JobState;
import org.terrachange.server.storage.ImageDescription;
import org.terrachange.server.storage.JobFolder;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.storage.LonLatBox;
import org.terrachange.server.storage.StoredId;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;
import tools.jackson.databind.JsonNode;

/// Results as a STAC 1.1 catalogue: one collection, one item a finished job.
public final class StacRoutes implements RouteGroup {
    private static final String VERSION = "1.1.0";
    private static final String ROOT = "/stac";
    private static final String COLLECTION = ROOT + "/collections/results";
    private static final String ITEMS = COLLECTION + "/items";
    private static final int DEFAULT_LIMIT = 50;
    private static final int LARGEST_LIMIT = 500;

    private static final List<String> EXTENSIONS = List.of(
            "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
            "https://stac-extensions.github.io/processing/v1.2.0/schema.json");

    private final JobQueue queue;
    private final JobFolders folders;

    public StacRoutes(JobQueue queue, JobFolders folders) {
        this.queue = queue;
        this.folders = folders;
    }

    @Override
    public void addTo(Routes routes) {
        routes.json(ROOT, context -> Json.answer(context, catalogue()));
        routes.json(
                ROOT + "/collections",
                context -> Json.answer(
                        context,
                        Map.of(
                                "collections",
                                List.of(collection()),
                                "links",
                                List.of(
                                        Link.of(ROOT + "/collections", "self", Link.JSON, "collections"),
                                        Link.of(ROOT, "root", Link.JSON, "catalogue")))));
        routes.json(COLLECTION, context -> Json.answer(context, collection()));
        routes.json(ITEMS, this::items);
        routes.json(ITEMS + "/{id}", this::item);
    }

    private static Map<String, Object> catalogue() {
        Map<String, Object> catalogue = new LinkedHashMap<>();
        catalogue.put("type", "Catalog");
        catalogue.put("stac_version", VERSION);
        catalogue.put("id", "terrachange");
        catalogue.put("title", "TerraChange");
        catalogue.put("description", "What was found to have changed between pairs of overhead images.");
        catalogue.put("conformsTo", OgcNames.CONFORMS_TO);
        catalogue.put(
                "links",
                List.of(
                        Link.of(ROOT, "root", Link.JSON, "this catalogue"),
                        Link.of(ROOT, "self", Link.JSON, "this catalogue"),
                        Link.of(ROOT + "/collections", "data", Link.JSON, "its collections"),
                        Link.of("/conformance", "conformance", Link.JSON, "what it conforms to"),
                        Link.of("/openapi.json", "service-desc", ServiceRoutes.OPENAPI_TYPE, "its interface"),
                        Link.of(COLLECTION, "child", Link.JSON, "results")));
        return catalogue;
    }

    private static Map<String, Object> collection() {
        Map<String, Object> collection = new LinkedHashMap<>();
        collection.put("type", "Collection");
        collection.put("stac_version", VERSION);
        collection.put("id", "results");
        collection.put("title", "Results");
        collection.put("description", "One item for every detection that was finished.");
        collection.put("license", "other");
        List<Object> openEnd = new ArrayList<>();
        openEnd.add(null);
        openEnd.add(null);
        collection.put(
                "extent",
                Map.of(
                        "spatial", Map.of("bbox", List.of(List.of(-180, -90, 180, 90))),
                        "temporal", Map.of("interval", List.of(openEnd))));
        collection.put(
                "links",
                List.of(
                        Link.of(ROOT, "root", Link.JSON, "catalogue"),
                        Link.of(ROOT, "parent", Link.JSON, "catalogue"),
                        Link.of(COLLECTION, "self", Link.JSON, "this collection"),
                        Link.of(ITEMS, "items", Link.GEOJSON, "its items")));
        return collection;
    }

    private void items(Context context) throws IOException {
        int limit = Queries.number(context, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT);
        int offset = Queries.number(context, "offset", 0, 0, Integer.MAX_VALUE - LARGEST_LIMIT);
        List<Object> features = new ArrayList<>();
        List<Job> jobs = queue.newest(EnumSet.of(JobState.SUCCESSFUL), limit, offset);
        for (Job job : jobs) {
            item(job).ifPresent(features::add);
        }
        List<Link> links = new ArrayList<>(List.of(
                Link.of(ITEMS + "?limit=" + limit + "&offset=" + offset, "self", Link.GEOJSON, "these items"),
                Link.of(ROOT, "root", Link.JSON, "catalogue"),
                Link.of(COLLECTION, "collection", Link.JSON, "their collection")));
        if (jobs.size() == limit) {
            links.add(Link.of(
                    ITEMS + "?limit=" + limit + "&offset=" + (offset + limit), "next", Link.GEOJSON, "older items"));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("type", "FeatureCollection");
        answer.put("features", features);
        answer.put("numberReturned", features.size());
        answer.put("links", links);
        Json.answer(context, answer, Link.GEOJSON);
    }

    private void item(Context context) throws IOException {
        String id = context.pathParam("id");
        Optional<Job> job = StoredId.isOne(id) ? queue.find(id) : Optional.empty();
        Optional<Map<String, Object>> item =
                job.isPresent() && job.get().state() == JobState.SUCCESSFUL ? item(job.get()) : Optional.empty();
        Json.answer(context, item.orElseThrow(() -> Refusal.notFound("there is no such item")), Link.GEOJSON);
    }

    /// The item of a job; nothing where its results are just being removed.
    private Optional<Map<String, Object>> item(Job job) throws IOException {
        JobFolder folder = folders.of(job.id());
        JsonNode summary;
        Grid grid;
        try (RasterSource probability = TiffSource.open(folder.results().resolve("probability.tif"))) {
            summary = Json.MAPPER.readTree(Files.readAllBytes(folder.results().resolve("summary.json")));
            grid = probability.grid();
        } catch (IOException _) {
            return Optional.empty();
        }
        Optional<LonLatBox> bounds = ImageDescription.bounds(grid);
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("type", "Feature");
        item.put("stac_version", VERSION);
        item.put("stac_extensions", EXTENSIONS);
        item.put("id", job.id());
        item.put("collection", "results");
        item.put("geometry", bounds.map(StacRoutes::geometry).orElse(null));
        bounds.ifPresent(box -> item.put("bbox", box.edges()));
        item.put("properties", properties(job, summary, grid));
        item.put("assets", assets(job, folder));
        item.put(
                "links",
                List.of(
                        Link.of(ROOT, "root", Link.JSON, "catalogue"),
                        Link.of(COLLECTION, "parent", Link.JSON, "collection"),
                        Link.of(COLLECTION, "collection", Link.JSON, "collection"),
                        Link.of(ITEMS + "/" + job.id(), "self", Link.GEOJSON, "this item"),
                        Link.of("/jobs/" + job.id(), "alternate", Link.HTML, "the result as a page")));
        return Optional.of(item);
    }

    /// Cut at the 180th meridian (RFC 7946, section 3.1.9).
    private static Map<String, Object> geometry(LonLatBox box) {
        return box.crossesDateLine()
                ? Map.of(
                        "type",
                        "MultiPolygon",
                        "coordinates",
                        box.parts().stream().map(StacRoutes::rings).toList())
                : Map.of("type", "Polygon", "coordinates", rings(box));
    }

    private static List<List<List<Double>>> rings(LonLatBox box) {
        return List.of(List.of(
                List.of(box.west(), box.south()),
                List.of(box.east(), box.south()),
                List.of(box.east(), box.north()),
                List.of(box.west(), box.north()),
                List.of(box.west(), box.south())));
    }

    private static Map<String, Object> properties(Job job, JsonNode summary, Grid grid) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("title", job.title());
        properties.put("created", job.created().toString());
        properties.put("updated", job.updated().toString());
        String before = moment(summary, "beforeDate");
        String after = moment(summary, "afterDate");
        if (before.isEmpty() || after.isEmpty()) {
            properties.put("datetime", after.isEmpty() ? job.created().toString() : after);
        } else {
            properties.put("datetime", null);
            properties.put("start_datetime", before);
            properties.put("end_datetime", after);
        }
        properties.put("proj:shape", List.of(grid.height(), grid.width()));
        grid.crs()
                .ifPresent(crs -> properties.put(
                        "proj:code",
                        crs.epsg().isPresent() ? "EPSG:" + crs.epsg().getAsInt() : null));
        grid.transform()
                .ifPresent(map -> properties.put(
                        "proj:transform", List.of(map.a(), map.b(), map.c(), map.d(), map.e(), map.f())));
        properties.put(
                "processing:software",
                Map.of("TerraChange", summary.path("model").asString("")));
        properties.put("terrachange:threshold", summary.path("threshold").asDouble());
        properties.put("terrachange:changed_share", summary.path("changedShare").asDouble());
        properties.put("terrachange:polygons", summary.path("polygons").asLong());
        return properties;
    }

    /// A day stands for its first moment.
    private static String moment(JsonNode summary, String key) {
        String date = summary.path(key).asString("");
        return date.isEmpty() || date.contains("T") ? date : date + "T00:00:00Z";
    }

    private static Map<String, Object> assets(Job job, JobFolder folder) throws IOException {
        Map<String, Object> assets = new LinkedHashMap<>();
        ResultDocument.of(job, folder)
                .forEach((name, result) -> assets.put(
                        name,
                        Map.of(
                                "href", result.href(),
                                "type", result.type(),
                                "title", result.title(),
                                "roles",
                                        List.of(
                                                name.equals("overlay")
                                                        ? "thumbnail"
                                                        : name.equals("summary") ? "metadata" : "data"))));
        return assets;
    }
}
