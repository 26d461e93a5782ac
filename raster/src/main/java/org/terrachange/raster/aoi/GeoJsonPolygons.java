package org.terrachange.raster.aoi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.Crs;
import org.terrachange.raster.RasterException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Polygons of GeoJSON (RFC 7946), in longitude and latitude on WGS 84.
///
/// The member `crs` of the format's first edition (2008) is honoured where it names an EPSG code, since
/// programs still write it; x is easting or longitude there, too. Geometries are held one at a time, however
/// long the file.
record GeoJsonPolygons(Path file) implements PolygonFile {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int WGS_84 = 4326;

    /// `EPSG:32619`, `urn:ogc:def:crs:EPSG::32619`, with a version or without.
    private static final Pattern EPSG = Pattern.compile("(?:URN:OGC:DEF:CRS:)?EPSG:(?:[0-9.]*:)?([0-9]{4,6})");

    @Override
    public void read(Sink sink) throws IOException {
        try {
            Crs crs = crs();
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), file)) {
                json.nextToken();
                geoJsonObject(json, outline -> sink.accept(crs, checked(crs, outline)));
            }
        } catch (JacksonException e) {
            throw new RasterException(
                    file,
                    "is no valid JSON: " + e.getOriginalMessage() + " (line "
                            + e.getLocation().getLineNr() + ")",
                    e);
        }
    }

    /// The CRS that the outermost object names. It may stand behind the features, so it is looked for
    /// beforehand.
    private Crs crs() throws IOException {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), file)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String member = json.currentName();
                JsonToken value = json.nextToken();
                if (!member.equals("crs")) {
                    json.skipChildren();
                    continue;
                }
                String name = value == JsonToken.START_OBJECT ? crsName(json) : null;
                return named(name);
            }
        }
        return Crs.ofEpsg(WGS_84);
    }

    /// The member `properties.name` of a crs object; null where it has none, as a link has not.
    private static @Nullable String crsName(JsonParser json) {
        String name = null;
        int depth = 1;
        while (depth > 0) {
            switch (json.nextToken()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case VALUE_STRING -> name = "name".equals(json.currentName()) ? json.getString() : name;
                case null -> depth = 0;
                default -> {
                    // Numbers and the like say nothing about the name.
                }
            }
        }
        return name;
    }

    private Crs named(@Nullable String name) throws RasterException {
        String upper = name == null ? "" : name.strip().toUpperCase(Locale.ROOT);
        if (upper.endsWith("CRS84") || upper.equals("WGS84")) {
            return Crs.ofEpsg(WGS_84);
        }
        Matcher epsg = EPSG.matcher(upper);
        if (!epsg.matches()) {
            throw new RasterException(
                    file,
                    "its member crs names no EPSG code (" + (name == null ? "none at all" : name)
                            + "); write it in longitude and latitude on WGS 84 without that member, for example with"
                            + " ogr2ogr -lco RFC7946=YES");
        }
        try {
            return Crs.ofEpsg(Integer.parseInt(epsg.group(1)));
        } catch (IllegalArgumentException e) {
            throw new RasterException(file, "has a CRS that cannot be used: " + e.getMessage(), e);
        }
    }

    /// Longitudes to 360 are let through: some programs write an area across the 180th meridian so.
    private Outline checked(Crs crs, Outline outline) throws RasterException {
        if (crs.isGeographic()) {
            for (double[] ring : outline.rings()) {
                for (int i = 0; i < ring.length; i += 2) {
                    if (Math.abs(ring[i]) > 360 || Math.abs(ring[i + 1]) > 90) {
                        throw new RasterException(
                                file,
                                "the position (" + ring[i] + ", " + ring[i + 1] + ") is no longitude and latitude;"
                                        + " reproject the file to WGS 84, or name its EPSG code in a member crs");
                    }
                }
            }
        }
        return outline;
    }

    /// A feature collection, a feature, a geometry or a collection of geometries; the parser stands at its
    /// start and is left at its end.
    private void geoJsonObject(JsonParser json, OutlineSink sink) throws IOException {
        String type = "";
        Coordinates coordinates = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = json.currentName();
            JsonToken value = json.nextToken();
            switch (member) {
                case "type" -> type = json.getString();
                case "coordinates" -> coordinates = value == JsonToken.START_ARRAY ? coordinates(json) : null;
                case "geometry" -> {
                    if (value == JsonToken.START_OBJECT) {
                        geoJsonObject(json, sink);
                    }
                }
                case "features", "geometries" -> {
                    if (value == JsonToken.START_ARRAY) {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            geoJsonObject(json, sink);
                        }
                    }
                }
                default -> json.skipChildren();
            }
        }
        if (coordinates != null && type.equals("Polygon")) {
            sink.accept(polygon(coordinates));
        } else if (coordinates != null && type.equals("MultiPolygon")) {
            for (Coordinates part : coordinates.parts()) {
                sink.accept(polygon(part));
            }
        }
    }

    private Outline polygon(Coordinates coordinates) throws RasterException {
        var rings = new ArrayList<double[]>();
        for (Coordinates ring : coordinates.parts()) {
            double[] positions = new double[2 * ring.parts().size()];
            int at = 0;
            for (Coordinates position : ring.parts()) {
                if (position.numbers().length < 2) {
                    throw new RasterException(file, "has a polygon with a position of fewer than two numbers");
                }
                positions[at++] = position.numbers()[0];
                positions[at++] = position.numbers()[1];
            }
            rings.add(positions);
        }
        return new Outline(rings);
    }

    /// Nested arrays of numbers. Their depth tells nothing by itself: lines nest as polygons do, and the type
    /// may follow the coordinates.
    ///
    /// @param parts empty for a position
    /// @param numbers empty for anything else
    private record Coordinates(List<Coordinates> parts, double[] numbers) {}

    /// The parser stands at the start of an array and is left at its end.
    private Coordinates coordinates(JsonParser json) throws RasterException {
        var parts = new ArrayList<Coordinates>(0);
        double[] numbers = new double[2];
        int count = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_ARRAY) {
                parts.add(coordinates(json));
            } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
                if (count < numbers.length) {
                    numbers[count] = json.getDoubleValue();
                }
                count++;
            } else {
                throw new RasterException(
                        file,
                        "has coordinates that are no numbers (line "
                                + json.currentTokenLocation().getLineNr() + ")");
            }
        }
        return new Coordinates(parts, Arrays.copyOf(numbers, Math.min(count, 2)));
    }

    @FunctionalInterface
    private interface OutlineSink {
        void accept(Outline outline) throws IOException;
    }
}
