package org.terrachange.search.present;

import java.util.List;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.geojson.GeoJsonWriter;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An answer as a GeoJSON feature collection (RFC 7946): one feature a hit, its footprint as geometry, null
/// where it has no place.
public final class HitGeoJson {
    private static final int DECIMALS = 7;
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private HitGeoJson() {}

    /// The document.
    public static String of(SearchAnswer answer) {
        ObjectNode collection = MAPPER.createObjectNode().put("type", "FeatureCollection");
        ArrayNode features = collection.putArray("features");
        for (ScoredHit hit : answer.hits()) {
            features.add(feature(hit));
        }
        return MAPPER.writeValueAsString(collection);
    }

    private static ObjectNode feature(ScoredHit hit) {
        ChangeRecord change = hit.change();
        ObjectNode feature = MAPPER.createObjectNode().put("type", "Feature").put("id", change.id());
        if (change.footprint().isPresent()) {
            feature.set("geometry", MAPPER.readTree(written(change.footprint().get())));
        } else {
            feature.putNull("geometry");
        }
        ObjectNode properties = feature.putObject("properties")
                .put("rank", hit.rank())
                .put("score", hit.score())
                .put("deviations", hit.deviations())
                .put("source", change.source())
                .put("before", change.before())
                .put("after", change.after())
                .put("changed_fraction", change.changedFraction());
        change.changedArea().ifPresent(area -> properties.put("changed_area_m2", area));
        change.beforeDate().ifPresent(date -> properties.put("before_date", date.toString()));
        change.afterDate().ifPresent(date -> properties.put("after_date", date.toString()));
        ArrayNode window = properties.putArray("window");
        for (int value : List.of(
                change.window().x(),
                change.window().y(),
                change.window().width(),
                change.window().height())) {
            window.add(value);
        }
        change.polygons().ifPresent(shape -> properties.set("changes", MAPPER.readTree(shape)));
        ArrayNode captions = properties.putArray("captions");
        change.captions().forEach(captions::add);
        return feature;
    }

    private static String written(Geometry shape) {
        GeoJsonWriter writer = new GeoJsonWriter(DECIMALS);
        writer.setEncodeCRS(false);
        return writer.write(shape);
    }
}
