package org.terrachange.data.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKTReader;
import org.terrachange.data.pairs.DatasetException;

/// Pairs as the rows of a table. Columns, of which the first two are required:
///
/// - `before`, `after`: files (relative ones from the table's folder), URLs or names of GDAL data sets;
/// - `id`: a name of the pair; without it, the later image's path is the name;
/// - `before_date`, `after_date`: days or moments, ISO 8601;
/// - `footprint` or `geometry`: well-known text or binary in longitude and latitude; or `west`, `south`,
/// `east`, `north`, where a `west` beyond the `east` means a footprint across the 180th meridian;
/// - `caption` or `captions`: what was said of the change, several separated by `|`.
record TableCatalogue(Path file, Rows rows) implements Catalogue {

    @Override
    public void forEach(Consumer consumer) throws IOException, InterruptedException {
        Set<String> ids = new HashSet<>();
        rows.forEach((number, cells) -> {
            PairEntry entry;
            try {
                entry = entry(cells);
            } catch (IllegalArgumentException e) {
                DatasetException refusal = new DatasetException(file, "row " + number + ": " + e.getMessage());
                refusal.initCause(e);
                throw refusal;
            }
            if (!ids.add(entry.id())) {
                throw new DatasetException(
                        file, "row " + number + ": it has the id \"" + entry.id() + "\" of an earlier row");
            }
            consumer.accept(entry);
        });
        if (ids.isEmpty()) {
            throw new DatasetException(file, "has no rows");
        }
    }

    private PairEntry entry(Map<String, Object> cells) {
        String after = required(cells, "after");
        return new PairEntry(
                text(cells, "id").orElse(after),
                located(required(cells, "before")),
                located(after),
                text(cells, "before_date"),
                text(cells, "after_date"),
                footprint(cells),
                captions(cells));
    }

    private static String required(Map<String, Object> cells, String column) {
        return text(cells, column)
                .orElseThrow(() -> new IllegalArgumentException("has nothing in the column " + column));
    }

    private static Optional<String> text(Map<String, Object> cells, String column) {
        return Optional.ofNullable(cells.get(column)).map(Object::toString);
    }

    /// A path from the table's folder where there is such a file; everything else as it is.
    private String located(String image) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || image.contains("://") || image.startsWith("/vsi")) {
            return image;
        }
        Path relative = folder.resolve(image).normalize();
        return Files.exists(relative) ? relative.toString() : image;
    }

    private static List<String> captions(Map<String, Object> cells) {
        Object said = cells.getOrDefault("captions", cells.get("caption"));
        return switch (said) {
            case null -> List.of();
            case Collection<?> parts -> parts.stream().map(String::valueOf).toList();
            default ->
                Arrays.stream(said.toString().split("\\|"))
                        .map(String::strip)
                        .filter(sentence -> !sentence.isEmpty())
                        .toList();
        };
    }

    private static Optional<Geometry> footprint(Map<String, Object> cells) {
        @Nullable Object shape = cells.getOrDefault("footprint", cells.get("geometry"));
        if (shape != null) {
            try {
                return Optional.of(
                        shape instanceof byte[] bytes
                                ? new WKBReader().read(bytes)
                                : new WKTReader().read(shape.toString()));
            } catch (ParseException e) {
                throw new IllegalArgumentException("has a footprint that is no well-known text or binary", e);
            }
        }
        if (!cells.containsKey("west")) {
            return Optional.empty();
        }
        return Optional.of(
                box(degrees(cells, "west"), degrees(cells, "south"), degrees(cells, "east"), degrees(cells, "north")));
    }

    /// A box in longitude and latitude; one across the 180th meridian in two parts.
    private static Geometry box(double west, double south, double east, double north) {
        if (south > north) {
            throw new IllegalArgumentException(
                    "has a south of " + south + " beyond its north of " + north + "; exchange them");
        }
        GeometryFactory factory = new GeometryFactory();
        if (west <= east) {
            return factory.toGeometry(new Envelope(west, east, south, north));
        }
        if (west > 180 || east < -180) {
            throw new IllegalArgumentException("has a west of " + west + " beyond its east of " + east
                    + ", which means across the 180th meridian; write both from -180 to 180");
        }
        // Where a box only touches the meridian, nothing of it lies beyond.
        return factory.buildGeometry(
                Stream.of(new Envelope(west, 180, south, north), new Envelope(-180, east, south, north))
                        .filter(part -> part.getWidth() > 0)
                        .map(factory::toGeometry)
                        .toList());
    }

    private static double degrees(Map<String, Object> cells, String column) {
        String text = required(cells, column);
        try {
            double degrees = Double.parseDouble(text);
            if (Double.isFinite(degrees)) {
                return degrees;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException("has \"" + text + "\" for the degrees of its " + column);
    }
}
