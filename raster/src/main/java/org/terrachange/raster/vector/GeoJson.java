package org.terrachange.raster.vector;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.terrachange.raster.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// GeoJSON (RFC 7946): one feature collection, one feature a line.
///
/// On the ground, positions are longitude and latitude on WGS 84 with seven decimals, about a centimetre; an
/// outline that would not stay valid when rounded keeps all its digits. Shells run counter-clockwise, holes
/// clockwise. An outline across the 180th meridian is cut there into a `MultiPolygon`. The `bbox` stands at the
/// end of the file.
///
/// For a plain picture, which the RFC does not provide for, positions are pixels: x is the column and y the row
/// counted downwards from the upper left corner. The member `coordinate_space` of the collection then says so.
/// Shells run counter-clockwise in these numbers, too, which on a screen looks clockwise.
public record GeoJson() implements VectorFormat {

    @Override
    public String name() {
        return "geojson";
    }

    @Override
    public String extension() {
        return "geojson";
    }

    @Override
    public FeatureWriter open(Path file, Layer layer) throws IOException {
        AtomicFile pending = AtomicFile.create(file);
        try {
            return new Writer(pending, layer);
        } catch (IOException | RuntimeException e) {
            pending.close();
            throw e;
        }
    }

    private static final class Writer implements FeatureWriter {
        private final AtomicFile file;
        private final Layer layer;
        private final List<Attribute> attributes;
        private final JsonGenerator json;
        private final Envelope extent = new Envelope();

        Writer(AtomicFile file, Layer layer) throws IOException {
            this.file = file;
            this.layer = layer;
            this.attributes = Attribute.of(layer);
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.temporary()), 1 << 16);
            this.json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out);
            begin();
        }

        private void begin() throws IOException {
            try {
                json.writeStartObject();
                json.writeStringProperty("type", "FeatureCollection");
                json.writeStringProperty("name", layer.name());
                if (layer.ground().isEmpty()) {
                    json.writeStringProperty("coordinate_space", Layer.PIXEL_SPACE);
                }
                json.writeArrayPropertyStart("features");
            } catch (JacksonException e) {
                throw file.failure(e);
            }
        }

        @Override
        public void write(ChangeFeature feature) throws IOException {
            Geometry geometry = layer.ground()
                    .map(ground -> LonLatOutline.of(feature.outline(), ground.lonLat()))
                    .orElse(feature.outline());
            extent.expandToInclude(geometry.getEnvelopeInternal());
            try {
                json.writeRaw('\n');
                json.writeStartObject();
                json.writeStringProperty("type", "Feature");
                json.writeNumberProperty("id", feature.id());
                json.writeName("geometry");
                writeGeometry(geometry);
                writeProperties(feature);
                json.writeEndObject();
            } catch (JacksonException e) {
                throw file.failure(e);
            }
        }

        private void writeProperties(ChangeFeature feature) {
            json.writeObjectPropertyStart("properties");
            for (Attribute attribute : attributes) {
                json.writeName(attribute.name());
                switch (attribute.value().apply(feature)) {
                    case null -> json.writeNull();
                    case Long number -> json.writeNumber(number);
                    case Double number -> json.writeNumber(number);
                    case Object text -> json.writeString(text.toString());
                }
            }
            json.writeEndObject();
        }

        private void writeGeometry(Geometry geometry) {
            json.writeStartObject();
            json.writeStringProperty("type", geometry.getGeometryType());
            json.writeArrayPropertyStart("coordinates");
            if (geometry instanceof Polygon polygon) {
                writeRings(polygon);
            } else {
                for (int i = 0; i < geometry.getNumGeometries(); i++) {
                    json.writeStartArray();
                    writeRings((Polygon) geometry.getGeometryN(i));
                    json.writeEndArray();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        private void writeRings(Polygon polygon) {
            writeRing(polygon.getExteriorRing(), true);
            for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
                writeRing(polygon.getInteriorRingN(i), false);
            }
        }

        private void writeRing(LinearRing ring, boolean counterClockwise) {
            boolean reverse = Orientation.isCCW(ring.getCoordinateSequence()) != counterClockwise;
            int last = ring.getNumPoints() - 1;
            json.writeStartArray();
            for (int i = 0; i <= last; i++) {
                Coordinate position = ring.getCoordinateN(reverse ? last - i : i);
                json.writeStartArray();
                writeOrdinate(position.x);
                writeOrdinate(position.y);
                json.writeEndArray();
            }
            json.writeEndArray();
        }

        private void writeOrdinate(double value) {
            if (value == Math.rint(value)) {
                json.writeNumber((long) value);
            } else {
                json.writeNumber(value);
            }
        }

        @Override
        public void commit() throws IOException {
            try {
                json.writeRaw('\n');
                json.writeEndArray();
                if (!extent.isNull()) {
                    json.writeArrayPropertyStart("bbox");
                    writeOrdinate(extent.getMinX());
                    writeOrdinate(extent.getMinY());
                    writeOrdinate(extent.getMaxX());
                    writeOrdinate(extent.getMaxY());
                    json.writeEndArray();
                }
                json.writeEndObject();
                json.writeRaw('\n');
                json.close();
            } catch (JacksonException e) {
                throw file.failure(e);
            }
            file.commit();
        }

        @Override
        public void close() throws IOException {
            try (file) {
                json.close();
            } catch (JacksonException e) {
                throw file.failure(e);
            }
        }
    }
}
