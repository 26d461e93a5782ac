package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;
import org.terrachange.data.captions.ChangedThing;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;
import org.terrachange.data.captions.MaskReading;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.retrieval.JsonFile;
import org.terrachange.raster.Window;
import tools.jackson.databind.JsonNode;

/// The buildings of one xBD image after a disaster: `features.xy[]` with `wkt` in pixels and
/// `properties.subtype`, the grade of damage.
final class DamageFile {
    /// How much of a building a window must show for it to be spoken of.
    private static final double SHOWN = 0.3;
    /// How much of their ground two windows may share.
    private static final double MOST_SHARED = 0.25;

    /// What a disaster's name holds and what to call it, the first that fits.
    private static final Map<String, String> HAZARDS = hazards();

    private static Map<String, String> hazards() {
        Map<String, String> hazards = new LinkedHashMap<>();
        for (String plain : List.of("tornado", "hurricane", "flood", "earthquake", "tsunami", "wildfire")) {
            hazards.put(plain, plain);
        }
        hazards.put("fire", "fire");
        hazards.put("volcan", "volcanic eruption");
        hazards.put("wind", "storm");
        return hazards;
    }

    private final List<Building> buildings;
    private final Optional<String> hazard;

    private record Building(Geometry outline, Point centre, Fate fate) {
        boolean centredIn(Envelope window) {
            return window.contains(centre.getX(), centre.getY());
        }
    }

    private DamageFile(List<Building> buildings, Optional<String> hazard) {
        this.buildings = buildings;
        this.hazard = hazard;
    }

    /// Reads the labels of a later image.
    ///
    /// @throws DatasetException if it is no such file, or a polygon or a grade of damage cannot be read
    static DamageFile read(Path file) throws IOException {
        JsonNode root = JsonFile.read(file);
        JsonNode features = root.path("features").path("xy");
        if (!features.isArray()) {
            throw new DatasetException(file, "has no list features.xy; expected the labels of an xBD image");
        }
        List<Building> buildings = new ArrayList<>();
        for (JsonNode feature : features) {
            JsonNode properties = feature.path("properties");
            if (properties.path("feature_type").asString("building").equals("building")) {
                Fate fate = fate(file, properties.path("subtype").asString("un-classified"));
                Geometry outline = outline(file, feature.path("wkt").asString(""));
                if (outline.getArea() > 0) {
                    buildings.add(new Building(outline, outline.getCentroid(), fate));
                }
            }
        }
        JsonNode metadata = root.path("metadata");
        String named = (metadata.path("disaster").asString("") + " "
                        + metadata.path("disaster_type").asString(""))
                .toLowerCase(Locale.ROOT);
        return new DamageFile(
                List.copyOf(buildings),
                HAZARDS.entrySet().stream()
                        .filter(hazard -> named.contains(hazard.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }

    private static Fate fate(Path file, String grade) throws DatasetException {
        return switch (grade) {
            case "no-damage" -> Fate.UNHARMED;
            case "minor-damage" -> Fate.MINOR_DAMAGE;
            case "major-damage" -> Fate.MAJOR_DAMAGE;
            case "destroyed" -> Fate.DESTROYED;
            case "un-classified" -> Fate.UNKNOWN;
            default ->
                throw new DatasetException(
                        file,
                        "has a building of the grade \"" + grade
                                + "\"; xBD knows no-damage, minor-damage, major-damage, destroyed, un-classified");
        };
    }

    private static Geometry outline(Path file, String wkt) throws DatasetException {
        try {
            Geometry outline = new WKTReader().read(wkt);
            return outline.isValid() ? outline : GeometryFixer.fix(outline);
        } catch (ParseException | IllegalArgumentException e) {
            DatasetException refusal = new DatasetException(
                    file, "has a polygon that cannot be read: " + wkt.substring(0, Math.min(60, wkt.length())));
            refusal.initCause(e);
            throw refusal;
        }
    }

    /// What struck, in one word or two, where the file tells.
    Optional<String> hazard() {
        return hazard;
    }

    /// The buildings that a window shows, with what became of them.
    List<ChangedThing> things(Window window) {
        Envelope envelope = envelope(window);
        Geometry frame = new GeometryFactory().toGeometry(envelope);
        List<ChangedThing> things = new ArrayList<>();
        for (Building building : buildings) {
            if (!envelope.intersects(building.outline().getEnvelopeInternal())) {
                continue;
            }
            Geometry seen = building.outline().intersection(frame);
            double area = seen.getArea();
            if (area >= MaskReading.LEAST_PIXELS
                    && area >= SHOWN * building.outline().getArea()) {
                Envelope bounds = seen.getEnvelopeInternal();
                things.add(new ChangedThing(
                        Kind.BUILDING,
                        building.fate(),
                        area,
                        (bounds.getMinX() - window.x()) / window.width(),
                        (bounds.getMinY() - window.y()) / window.height(),
                        (bounds.getMaxX() - window.x()) / window.width(),
                        (bounds.getMaxY() - window.y()) / window.height(),
                        true,
                        Optional.empty()));
            }
        }
        return things;
    }

    /// Whether a window shows buildings and every one of them is known to be unharmed.
    boolean isUnharmed(Window window) {
        Envelope envelope = envelope(window);
        List<Building> touched = buildings.stream()
                .filter(building -> envelope.intersects(building.outline().getEnvelopeInternal()))
                .toList();
        return !touched.isEmpty() && touched.stream().allMatch(building -> building.fate() == Fate.UNHARMED);
    }

    /// Windows around damaged buildings, at each step around the one whose window shows most damaged buildings
    /// that no other shows yet. Windows that share more than a quarter of their ground are not taken: near
    /// copies of one example would pass for different ones. The few buildings between windows are left out.
    List<Window> windowsAroundDamage(int width, int height, int size) {
        Map<Building, Window> candidates = new LinkedHashMap<>();
        for (Building building : buildings) {
            if (building.fate().isDamage()) {
                candidates.put(building, around(building.centre(), width, height, size));
            }
        }
        List<Window> windows = new ArrayList<>();
        while (!candidates.isEmpty()) {
            Window best = Collections.max(
                    candidates.values(),
                    Comparator.comparingLong(window -> candidates.keySet().stream()
                            .filter(building -> building.centredIn(envelope(window)))
                            .count()));
            windows.add(best);
            candidates
                    .entrySet()
                    .removeIf(candidate -> candidate.getKey().centredIn(envelope(best))
                            || shared(candidate.getValue(), best) > MOST_SHARED * best.area());
        }
        return windows;
    }

    private static Window around(Point centre, int width, int height, int size) {
        int columns = Math.min(size, width);
        int rows = Math.min(size, height);
        return new Window(
                Math.clamp(Math.round(centre.getX()) - columns / 2, 0, width - columns),
                Math.clamp(Math.round(centre.getY()) - rows / 2, 0, height - rows),
                columns,
                rows);
    }

    private static long shared(Window one, Window other) {
        return one.intersects(other) ? one.intersection(other).area() : 0;
    }

    private static Envelope envelope(Window window) {
        return new Envelope(window.x(), window.right(), window.y(), window.bottom());
    }
}
