package org.terrachange.raster.vector;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ByteOrderValues;
import org.locationtech.jts.io.WKBWriter;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.Crs;
import org.terrachange.raster.polygon.SceneLonLat;
import org.terrachange.raster.vector.parquet.ParquetColumn;
import org.terrachange.raster.vector.parquet.ParquetWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// GeoParquet 1.1 (OGC): a Parquet table with the outlines as well-known binary in the column `geometry` and
/// their boxes in the column `bbox`, by which readers pass over groups of rows.
///
/// The CRS is that of the raster where it is one of those in which most imagery comes: a geographic system or
/// UTM on WGS 84, ETRS89, NAD83, GDA94 or GDA2020, or Web Mercator. The format wants a system defined in full;
/// under any other features are written in longitude and latitude on WGS 84, which is the format's default.
/// Those of a plain picture are pixels and the CRS is stated to be unknown.
public record GeoParquet() implements VectorFormat {
    private static final String GEOMETRY = "geometry";
    private static final String BOX = "bbox";
    private static final List<String> SIDES = List.of("xmin", "ymin", "xmax", "ymax");
    private static final int WGS_84 = 4326;

    @Override
    public String name() {
        return "geoparquet";
    }

    @Override
    public List<String> aliases() {
        return List.of("parquet");
    }

    @Override
    public String extension() {
        return "parquet";
    }

    @Override
    public FeatureWriter open(Path file, Layer layer) throws IOException {
        AtomicFile pending = AtomicFile.create(file);
        try {
            return new Writer(pending, layer);
        } catch (IOException e) {
            pending.close();
            throw pending.failure(e);
        }
    }

    private static final class Writer implements FeatureWriter {
        private final AtomicFile file;
        private final List<Attribute> attributes;
        private final Optional<ObjectNode> definition;
        private final Optional<SceneLonLat> lonLat;
        private final boolean pixels;
        private final ParquetWriter table;
        private final WKBWriter wkb = new WKBWriter(2, ByteOrderValues.LITTLE_ENDIAN);
        private final Envelope extent = new Envelope();
        private final TreeSet<String> geometryTypes = new TreeSet<>();

        Writer(AtomicFile file, Layer layer) throws IOException {
            this.file = file;
            this.attributes = Attribute.withId(layer);
            this.pixels = layer.ground().isEmpty();
            Optional<Crs> crs = layer.ground().map(Layer.GroundReference::crs);
            this.definition = crs.flatMap(ProjJson::of);
            this.lonLat = layer.ground().filter(_ -> definition.isEmpty()).map(Layer.GroundReference::lonLat);
            this.table = new ParquetWriter(
                    new BufferedOutputStream(Files.newOutputStream(file.temporary()), 1 << 16),
                    columns(attributes),
                    "TerraChange");
        }

        private static List<ParquetColumn> columns(List<Attribute> attributes) {
            var columns = new ArrayList<ParquetColumn>();
            for (Attribute attribute : attributes) {
                ParquetColumn.Type type = switch (attribute.kind()) {
                    case INTEGER -> ParquetColumn.Type.INTEGER;
                    case REAL -> ParquetColumn.Type.REAL;
                    case TEXT -> ParquetColumn.Type.TEXT;
                };
                columns.add(ParquetColumn.of(attribute.name(), type, true));
            }
            columns.add(ParquetColumn.of(GEOMETRY, ParquetColumn.Type.BINARY, false));
            for (String side : SIDES) {
                columns.add(new ParquetColumn(List.of(BOX, side), ParquetColumn.Type.REAL, false));
            }
            return columns;
        }

        @Override
        public void write(ChangeFeature change) throws IOException {
            Geometry geometry =
                    lonLat.map(way -> LonLatOutline.of(change.outline(), way)).orElse(change.outline());
            Envelope box = geometry.getEnvelopeInternal();
            extent.expandToInclude(box);
            geometryTypes.add(geometry.getGeometryType());
            var row = new ArrayList<@Nullable Object>();
            for (Attribute attribute : attributes) {
                row.add(attribute.value().apply(change));
            }
            row.add(wkb.write(geometry));
            row.addAll(List.of(box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY()));
            try {
                table.write(row.toArray());
            } catch (IOException e) {
                throw file.failure(e);
            }
        }

        @Override
        public void commit() throws IOException {
            var metadata = new TreeMap<>(Map.of("geo", geo().toString()));
            if (pixels) {
                metadata.put("coordinate_space", Layer.PIXEL_SPACE);
            }
            try {
                table.finish(metadata);
                table.close();
            } catch (IOException e) {
                throw file.failure(e);
            }
            file.commit();
        }

        /// The file's metadata under the key `geo` (GeoParquet 1.1, File metadata).
        private ObjectNode geo() {
            ObjectNode geo = JsonMapper.shared().createObjectNode();
            geo.put("version", "1.1.0");
            geo.put("primary_column", GEOMETRY);
            ObjectNode column = geo.putObject("columns").putObject(GEOMETRY);
            column.put("encoding", "WKB");
            ArrayNode types = column.putArray("geometry_types");
            geometryTypes.forEach(types::add);
            if (pixels) {
                column.putNull("crs");
            } else if (definition.isPresent() && !isDefault(definition.get())) {
                column.set("crs", definition.get());
            }
            if (!extent.isNull()) {
                column.putArray("bbox")
                        .add(extent.getMinX())
                        .add(extent.getMinY())
                        .add(extent.getMaxX())
                        .add(extent.getMaxY());
            }
            ObjectNode covering = column.putObject("covering").putObject("bbox");
            SIDES.forEach(side -> covering.putArray(side).add(BOX).add(side));
            return geo;
        }

        /// Longitude and latitude on WGS 84 is what a file without CRS means.
        private static boolean isDefault(ObjectNode definition) {
            return definition.at("/id/code").asInt() == WGS_84;
        }

        @Override
        public void close() throws IOException {
            try (file;
                    table) {
                // Both are closed whether or not the file was committed.
            }
        }
    }
}
