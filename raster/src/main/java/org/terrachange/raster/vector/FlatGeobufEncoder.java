package org.terrachange.raster.vector;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Polygon;
import org.wololo.flatgeobuf.generated.Column;
import org.wololo.flatgeobuf.generated.ColumnType;
import org.wololo.flatgeobuf.generated.Crs;
import org.wololo.flatgeobuf.generated.Feature;
import org.wololo.flatgeobuf.generated.Geometry;
import org.wololo.flatgeobuf.generated.GeometryType;
import org.wololo.flatgeobuf.generated.Header;

/// Header and features of a FlatGeobuf as the FlatBuffers that its schema prescribes.
///
/// @param layer what the features have in common
/// @param attributes their columns
record FlatGeobufEncoder(Layer layer, List<Attribute> attributes) {
    private static final int WGS_84 = 4326;

    /// One feature behind its length.
    ///
    /// @param geometry a polygon or a multipolygon
    ByteBuffer feature(org.locationtech.jts.geom.Geometry geometry, ChangeFeature change) {
        var builder = new FlatBufferBuilder(1024 + 24 * geometry.getNumPoints());
        int shape = geometry instanceof Polygon polygon ? polygon(builder, polygon) : parts(builder, geometry);
        int properties = Feature.createPropertiesVector(builder, properties(change));
        Feature.finishSizePrefixedFeatureBuffer(builder, Feature.createFeature(builder, shape, properties, 0));
        return builder.dataBuffer();
    }

    private static int parts(FlatBufferBuilder builder, org.locationtech.jts.geom.Geometry geometry) {
        int[] parts = new int[geometry.getNumGeometries()];
        Arrays.setAll(parts, i -> polygon(builder, (Polygon) geometry.getGeometryN(i)));
        int vector = Geometry.createPartsVector(builder, parts);
        return Geometry.createGeometry(builder, 0, 0, 0, 0, 0, 0, GeometryType.MultiPolygon, vector);
    }

    /// All rings in one list of positions, with the place where each ends. A single ring needs no such place.
    private static int polygon(FlatBufferBuilder builder, Polygon polygon) {
        double[] positions = new double[2 * polygon.getNumPoints()];
        long[] ends = new long[1 + polygon.getNumInteriorRing()];
        int at = 0;
        for (int ring = 0; ring < ends.length; ring++) {
            CoordinateSequence sequence = (ring == 0 ? polygon.getExteriorRing() : polygon.getInteriorRingN(ring - 1))
                    .getCoordinateSequence();
            for (int i = 0; i < sequence.size(); i++) {
                positions[at++] = sequence.getX(i);
                positions[at++] = sequence.getY(i);
            }
            ends[ring] = at / 2;
        }
        int xy = Geometry.createXyVector(builder, positions);
        int endsVector = ends.length > 1 ? Geometry.createEndsVector(builder, ends) : 0;
        return Geometry.createGeometry(builder, endsVector, xy, 0, 0, 0, 0, GeometryType.Polygon, 0);
    }

    /// Each value behind the number of its column; what a feature has not is left out.
    private byte[] properties(ChangeFeature change) {
        ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < attributes.size(); column++) {
            Object value = attributes.get(column).value().apply(change);
            if (value == null) {
                continue;
            }
            byte[] text = value instanceof String string ? string.getBytes(StandardCharsets.UTF_8) : new byte[0];
            if (out.remaining() < text.length + 16) {
                out = ByteBuffer.allocate(2 * out.capacity() + text.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(out.flip());
            }
            out.putShort((short) column);
            switch (value) {
                case Long number -> out.putLong(number);
                case Double number -> out.putDouble(number);
                default -> out.putInt(text.length).put(text);
            }
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /// The header behind its length.
    ///
    /// @param count of the features
    /// @param extent of all of them, least x, least y, greatest x, greatest y; empty where there are none
    ByteBuffer header(int count, double[] extent) {
        var builder = new FlatBufferBuilder();
        int[] columns = attributes.stream()
                .mapToInt(attribute -> column(builder, attribute))
                .toArray();
        int columnsVector = Header.createColumnsVector(builder, columns);
        int name = builder.createString(layer.name());
        int envelope = extent.length == 0 ? 0 : Header.createEnvelopeVector(builder, extent);
        int crs = layer.ground().map(ground -> crs(builder, ground)).orElse(0);
        int description = layer.ground().isEmpty() ? builder.createString(Layer.PIXEL_SPACE) : 0;
        Header.startHeader(builder);
        Header.addName(builder, name);
        if (envelope != 0) {
            Header.addEnvelope(builder, envelope);
        }
        // In longitude and latitude, outlines are cut at the 180th meridian: some have two parts and some one.
        boolean hasCode =
                layer.ground().isEmpty() || layer.ground().get().crs().epsg().isPresent();
        Header.addGeometryType(builder, hasCode ? GeometryType.Polygon : GeometryType.Unknown);
        Header.addColumns(builder, columnsVector);
        Header.addFeaturesCount(builder, count);
        Header.addIndexNodeSize(builder, count == 0 ? 0 : HilbertRTree.NODE_SIZE);
        if (crs != 0) {
            Header.addCrs(builder, crs);
        }
        if (description != 0) {
            Header.addDescription(builder, description);
        }
        Header.finishSizePrefixedHeaderBuffer(builder, Header.endHeader(builder));
        return builder.dataBuffer();
    }

    private static int column(FlatBufferBuilder builder, Attribute attribute) {
        int name = builder.createString(attribute.name());
        Column.startColumn(builder);
        Column.addName(builder, name);
        Column.addType(
                builder,
                switch (attribute.kind()) {
                    case INTEGER -> ColumnType.Long;
                    case REAL -> ColumnType.Double;
                    case TEXT -> ColumnType.String;
                });
        return Column.endColumn(builder);
    }

    private static int crs(FlatBufferBuilder builder, Layer.GroundReference ground) {
        int organisation = builder.createString("EPSG");
        int name = builder.createString(
                ground.crs().epsg().isPresent() ? ground.crs().name() : "WGS 84");
        Crs.startCrs(builder);
        Crs.addOrg(builder, organisation);
        Crs.addCode(builder, ground.crs().epsg().orElse(WGS_84));
        Crs.addName(builder, name);
        return Crs.endCrs(builder);
    }
}
