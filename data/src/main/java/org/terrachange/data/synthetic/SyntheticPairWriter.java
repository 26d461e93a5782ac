package org.terrachange.data.synthetic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Resampling;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a scene of any size as files: `before.tif`, `after.tif` and `mask.tif` (cloud-optimised GeoTIFFs on
/// the same grid), `changes.geojson` (RFC 7946, longitude and latitude; `kind`, `change`, `pixels`, `area_m2`) and
/// `captions.json` (`changeflag` and `sentences`).
///
/// The images are rendered in strips, several at once where the machine has several cores, so memory does not grow
/// with
/// their height.
public final class SyntheticPairWriter {
    private static final int STRIP = 512;
    /// Degrees with seven decimals are about a centimetre on the ground.
    private static final double DEGREE_STEPS = 1e7;

    private final Scene scene;
    private final Path folder;
    private final JsonMapper json = new JsonMapper();

    private SyntheticPairWriter(Scene scene, Path folder) {
        this.scene = scene;
        this.folder = folder;
    }

    /// Writes all five files into a folder, which is made if need be. Each file appears whole or not at all.
    ///
    /// @throws IOException if a file cannot be written; the message names it
    public static void write(Scene scene, Path folder) throws IOException {
        Files.createDirectories(folder);
        new SyntheticPairWriter(scene, folder).write();
    }

    private void write() throws IOException {
        SceneTruth truth = new SceneTruth(scene);
        SceneRenderer renderer = new SceneRenderer(scene);
        raster("before.tif", CogOptions.of(SampleType.UINT8, 3), rows -> image(renderer, rows, Epoch.BEFORE));
        raster("after.tif", CogOptions.of(SampleType.UINT8, 3), rows -> image(renderer, rows, Epoch.AFTER));
        raster(
                "mask.tif",
                CogOptions.of(SampleType.UINT8, 1).withResampling(Resampling.MODE),
                rows -> PixelBlock.ofBytes(rows, truth.mask(rows)));
        AtomicFile.write(folder.resolve("changes.geojson"), file -> Files.writeString(file, changes(truth)));
        AtomicFile.write(folder.resolve("captions.json"), file -> Files.writeString(file, captions(truth)));
    }

    @FunctionalInterface
    private interface Rows {
        PixelBlock of(Window window);
    }

    private void raster(String name, CogOptions options, Rows content) throws IOException {
        Grid grid = scene.grid();
        try (CogWriter writer = CogWriter.create(folder.resolve(name), grid, options)) {
            for (int y = 0; y < grid.height(); y += STRIP) {
                writer.append(content.of(new Window(0, y, grid.width(), Math.min(STRIP, grid.height() - y))));
            }
            writer.finish();
        }
    }

    /// One strip, rendered in tiles on all cores; that a window does not depend on its neighbours makes the
    /// tiles fit.
    private static PixelBlock image(SceneRenderer renderer, Window rows, Epoch epoch) {
        int tiles = (rows.width() + STRIP - 1) / STRIP;
        List<PixelBlock> blocks = IntStream.range(0, tiles)
                .parallel()
                .mapToObj(k -> renderer.render(
                        new Window(k * STRIP, rows.y(), Math.min(STRIP, rows.width() - k * STRIP), rows.height()),
                        epoch))
                .toList();
        PixelBlock strip = PixelBlock.allocate(rows, SampleType.UINT8, 3);
        for (PixelBlock block : blocks) {
            Window part = block.window();
            for (int band = 0; band < 3; band++) {
                for (int row = 0; row < part.height(); row++) {
                    System.arraycopy(
                            block.bytes(band),
                            row * part.width(),
                            strip.bytes(band),
                            row * rows.width() + part.x(),
                            part.width());
                }
            }
        }
        return strip;
    }

    private String captions(SceneTruth truth) {
        ObjectNode root = json.createObjectNode();
        root.put("changeflag", truth.objects().isEmpty() ? 0 : 1);
        ArrayNode sentences = root.putArray("sentences");
        Captions.of(scene, truth).forEach(sentences::add);
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private String changes(SceneTruth truth) throws IOException {
        Crs.Transform toWgs84 = scene.grid().crs().orElseThrow().toWgs84();
        ObjectNode root = json.createObjectNode();
        root.put("type", "FeatureCollection");
        ArrayNode features = root.putArray("features");
        for (ChangedObject object : truth.objects()) {
            ObjectNode feature = features.addObject();
            feature.put("type", "Feature");
            feature.put("id", object.id());
            ObjectNode properties = feature.putObject("properties");
            properties.put("kind", object.kind().name().toLowerCase(Locale.ROOT));
            properties.put("change", object.change().name().toLowerCase(Locale.ROOT));
            properties.put("pixels", object.pixels());
            properties.put("area_m2", Math.rint(object.footprint().getArea() * 100) / 100);
            Geometry footprint = object.footprint();
            ObjectNode geometry = feature.putObject("geometry");
            geometry.put("type", "MultiPolygon");
            ArrayNode polygons = geometry.putArray("coordinates");
            for (int k = 0; k < footprint.getNumGeometries(); k++) {
                // RFC 7946: the outer ring runs counterclockwise, holes run clockwise.
                Polygon polygon = (Polygon) footprint.getGeometryN(k).norm().reverse();
                ArrayNode rings = polygons.addArray();
                ring(rings.addArray(), polygon.getExteriorRing(), toWgs84);
                for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
                    ring(rings.addArray(), polygon.getInteriorRingN(hole), toWgs84);
                }
            }
        }
        return json.writeValueAsString(root);
    }

    private static void ring(ArrayNode positions, LineString ring, Crs.Transform toWgs84) throws IOException {
        for (Coordinate coordinate : ring.getCoordinates()) {
            double[] lonLat = toWgs84.apply(coordinate.x, coordinate.y);
            positions
                    .addArray()
                    .add(Math.rint(lonLat[0] * DEGREE_STEPS) / DEGREE_STEPS)
                    .add(Math.rint(lonLat[1] * DEGREE_STEPS) / DEGREE_STEPS);
        }
    }
}
