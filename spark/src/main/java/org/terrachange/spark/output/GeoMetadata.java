package org.terrachange.spark.output;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What makes a Parquet table a GeoParquet one (OGC GeoParquet 1.1, File metadata), for footprints in longitude and
/// latitude on WGS 84, which is the format's default.
public final class GeoMetadata {
    /// Key of the metadata.
    public static final String KEY = "geo";

    /// Column of the footprints, as well-known binary.
    public static final String COLUMN = "geometry";

    private GeoMetadata() {}

    /// Value of the metadata.
    public static String lonLat() {
        ObjectNode geo = JsonMapper.shared().createObjectNode();
        geo.put("version", "1.1.0");
        geo.put("primary_column", COLUMN);
        ObjectNode column = geo.putObject("columns").putObject(COLUMN);
        column.put("encoding", "WKB");
        column.putArray("geometry_types").add("Polygon").add("MultiPolygon");
        return geo.toString();
    }
}
