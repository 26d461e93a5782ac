package org.terrachange.search.index;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygonal;
import org.terrachange.raster.Window;

/// What an index knows of one window of a pair of images, besides its vector.
///
/// @param id unique in the archive, such as the pair's name and the window's place
/// @param source the pair that the window belongs to; all windows of a source are replaced or deleted together
/// @param before file or address of the earlier image
/// @param after file or address of the later image
/// @param window the pixels of the pair's common grid that the vector describes
/// @param footprint the window on the ground: a valid `Polygon` or `MultiPolygon`, x the longitude from -180 to
///     180 and y the latitude from -90 to 90 degrees (WGS 84). One that crosses the antimeridian comes in two
///     parts. Empty for images without a place
/// @param beforeDate day of the earlier image
/// @param afterDate day of the later image, not before `beforeDate`
/// @param changedFraction share of the window that changed, 0 to 1
/// @param changedArea the same in square metres, where the size of a pixel is known
/// @param polygons what changed, as one line of GeoJSON; not looked into
/// @param captions sentences that describe the change
public record ChangeRecord(
        String id,
        String source,
        String before,
        String after,
        Window window,
        Optional<Geometry> footprint,
        Optional<LocalDate> beforeDate,
        Optional<LocalDate> afterDate,
        double changedFraction,
        OptionalDouble changedArea,
        Optional<String> polygons,
        List<String> captions) {

    /// Longer ones cannot be looked up.
    private static final int LONGEST_KEY = 8000;

    private static final Envelope EARTH = new Envelope(-180, 180, -90, 90);

    public ChangeRecord {
        requireKey("id", id);
        requireKey("source", source);
        captions = List.copyOf(captions);
        if (!(changedFraction >= 0 && changedFraction <= 1)) {
            throw new IllegalArgumentException(
                    id + ": the changed fraction must be between 0 and 1, got " + changedFraction);
        }
        if (changedArea.isPresent() && !(changedArea.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    id + ": the changed area must be 0 or more, got " + changedArea.getAsDouble());
        }
        if (beforeDate.isPresent() && afterDate.isPresent() && beforeDate.get().isAfter(afterDate.get())) {
            throw new IllegalArgumentException(id + ": the earlier image is of " + beforeDate.get()
                    + ", the later one of " + afterDate.get() + ": exchange them");
        }
        footprint.ifPresent(shape -> requireFootprint(id, shape));
    }

    /// The same change with other names of its images.
    public ChangeRecord withImages(String earlier, String later) {
        return new ChangeRecord(
                id,
                source,
                earlier,
                later,
                window,
                footprint,
                beforeDate,
                afterDate,
                changedFraction,
                changedArea,
                polygons,
                captions);
    }

    static void requireKey(String what, String key) {
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "the " + what + " must have 1 to " + LONGEST_KEY + " characters, got " + key.length());
        }
    }

    private static void requireFootprint(String id, Geometry shape) {
        if (!(shape instanceof Polygonal) || shape.isEmpty() || !shape.isValid()) {
            throw new IllegalArgumentException(
                    id + ": a footprint is a valid polygon with an area, got a " + shape.getGeometryType());
        }
        if (!EARTH.contains(shape.getEnvelopeInternal())) {
            throw new IllegalArgumentException(
                    id + ": a footprint is in degrees of longitude and latitude, got " + shape.getEnvelopeInternal());
        }
    }
}
