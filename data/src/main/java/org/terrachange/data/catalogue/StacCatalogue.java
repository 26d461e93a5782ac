package org.terrachange.data.catalogue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.terrachange.data.pairs.DatasetException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pairs as a STAC item collection (STAC 1.0 and 1.1, a GeoJSON feature collection): each item has the two
/// images as its assets `before` and `after`, when they were taken as `start_datetime` and `end_datetime` (or
/// as `datetime` of the assets), its footprint as its geometry, and may have `captions` among its properties.
/// Items are read one by one.
record StacCatalogue(Path file) implements Catalogue {

    @Override
    public void forEach(Consumer consumer) throws IOException, InterruptedException {
        JsonMapper mapper = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        Set<String> ids = new HashSet<>();
        long number = 0;
        try (JsonParser json = mapper.createParser(Files.newInputStream(file))) {
            if (!toFeatures(json)) {
                throw new DatasetException(file, "is no STAC item collection: it has no list named features");
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                number++;
                JsonNode item = mapper.readTree(json);
                PairEntry entry = entry(item, number);
                if (!ids.add(entry.id())) {
                    throw new DatasetException(
                            file, "item " + number + " has the id \"" + entry.id() + "\" of an earlier one");
                }
                consumer.accept(entry);
            }
        } catch (JacksonException e) {
            DatasetException refusal = new DatasetException(
                    file, "is no JSON, or was cut short, after item " + number + " (" + e.getOriginalMessage() + ")");
            refusal.initCause(e);
            throw refusal;
        }
        if (ids.isEmpty()) {
            throw new DatasetException(file, "has no items");
        }
    }

    private static boolean toFeatures(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("features") && value == JsonToken.START_ARRAY) {
                return true;
            }
            json.skipChildren();
        }
        return false;
    }

    private PairEntry entry(JsonNode item, long number) throws DatasetException {
        JsonNode properties = item.path("properties");
        try {
            String after = href(item, "after");
            List<String> captions = new ArrayList<>();
            properties.path("captions").forEach(caption -> captions.add(caption.asString("")));
            captions.removeIf(String::isBlank);
            return new PairEntry(
                    item.path("id").asString(""),
                    href(item, "before"),
                    after,
                    date(item, "before", properties.path("start_datetime")),
                    date(item, "after", properties.path("end_datetime")),
                    footprint(item.path("geometry")),
                    captions);
        } catch (IllegalArgumentException e) {
            DatasetException refusal = new DatasetException(file, "item " + number + " " + e.getMessage());
            refusal.initCause(e);
            throw refusal;
        }
    }

    private String href(JsonNode item, String asset) {
        String href = item.path("assets").path(asset).path("href").asString("");
        if (href.isEmpty()) {
            throw new IllegalArgumentException("has no asset \"" + asset + "\" with an href");
        }
        if (href.startsWith("file:")) {
            return Path.of(URI.create(href)).toString();
        }
        Path folder = file.toAbsolutePath().getParent();
        return href.contains("://") || folder == null
                ? href
                : folder.resolve(href).normalize().toString();
    }

    private static Optional<String> date(JsonNode item, String asset, JsonNode otherwise) {
        JsonNode own = item.path("assets").path(asset).path("datetime");
        return (own.isString() ? own : otherwise).asStringOpt().filter(text -> !text.isEmpty());
    }

    private static Optional<Geometry> footprint(JsonNode geometry) {
        if (!geometry.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new GeoJsonReader().read(geometry.toString()));
        } catch (ParseException | RuntimeException e) {
            throw new IllegalArgumentException("has a geometry that is none of GeoJSON", e);
        }
    }
}
