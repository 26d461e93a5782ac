package org.terrachange.raster.vector;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygon;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.polygon.SceneLonLat;
import org.wololo.flatgeobuf.generated.Column;
import org.wololo.flatgeobuf.generated.ColumnType;
import org.wololo.flatgeobuf.generated.Crs;
import org.wololo.flatgeobuf.generated.Feature;
import org.wololo.flatgeobuf.generated.GeometryType;
import org.wololo.flatgeobuf.generated.Header;

/// FlatGeobuf 3: features in the order of a packed Hilbert R-tree, so that a reader fetches a region of a
/// remote file by a few requests. The CRS is that of the raster.
///
/// A CRS without EPSG code cannot be named in the file; its features are written in longitude and latitude on
/// WGS 84 instead. Those of a plain picture are pixels and the file names no CRS.
///
/// The index stands before the features and needs the boxes of all of them, so features wait in a second
/// temporary file; the heap holds 44 bytes of each.
public record FlatGeobuf() implements VectorFormat {
    private static final byte[] MAGIC = {'f', 'g', 'b', 3, 'f', 'g', 'b', 0};
    private static final int WGS_84 = 4326;

    @Override
    public String name() {
        return "fgb";
    }

    @Override
    public List<String> aliases() {
        return List.of("flatgeobuf");
    }

    @Override
    public String extension() {
        return "fgb";
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
        /// FlatBuffers count bytes in 31 bits; half of that leaves room for growing.
        private static final int MOST_POSITIONS = 1 << 26;

        private final AtomicFile file;
        private final Layer layer;
        private final List<Attribute> attributes;
        private final Optional<SceneLonLat> lonLat;
        private final FileChannel spool;
        private final OutputStream features;
        private double[] boxes = new double[4 * 256];
        private int[] sizes = new int[256];
        private int count;

        Writer(AtomicFile file, Layer layer) throws IOException {
            this.file = file;
            this.layer = layer;
            this.attributes = Attribute.withId(layer);
            this.lonLat = layer.ground()
                    .filter(ground -> ground.crs().epsg().isEmpty())
                    .map(Layer.GroundReference::lonLat);
            Path beside = file.temporary().resolveSibling(file.temporary().getFileName() + ".features");
            this.spool = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            this.features = new BufferedOutputStream(Channels.newOutputStream(spool), 1 << 16);
        }

        @Override
        public void write(ChangeFeature change) throws IOException {
            Geometry geometry =
                    lonLat.map(way -> LonLatOutline.of(change.outline(), way)).orElse(change.outline());
            ByteBuffer encoded = encode(geometry, change);
            reserve();
            Envelope box = geometry.getEnvelopeInternal();
            boxes[4 * count] = box.getMinX();
            boxes[4 * count + 1] = box.getMinY();
            boxes[4 * count + 2] = box.getMaxX();
            boxes[4 * count + 3] = box.getMaxY();
            sizes[count++] = encoded.remaining();
            try {
                features.write(encoded.array(), encoded.arrayOffset() + encoded.position(), encoded.remaining());
            } catch (IOException e) {
                throw file.failure(e);
            }
        }

        private void reserve() throws RasterException {
            if (count < sizes.length) {
                return;
            }
            // Sorting and packing take as much again, and an array is copied to grow.
            long needed = 4L * 44 * 2 * count;
            if (needed > Runtime.getRuntime().maxMemory() || count > 1 << 27) {
                throw new RasterException(
                        file.target(),
                        "cannot be written: the index of more than " + count + " features does not fit into the "
                                + (Runtime.getRuntime().maxMemory() >> 20)
                                + " MiB of memory; raise the limit with -Xmx, or choose gpkg or geoparquet");
            }
            boxes = Arrays.copyOf(boxes, 2 * boxes.length);
            sizes = Arrays.copyOf(sizes, 2 * sizes.length);
        }

        private ByteBuffer encode(Geometry geometry, ChangeFeature change) throws RasterException {
            if (geometry.getNumPoints() > MOST_POSITIONS) {
                throw new RasterException(
                        file.target(),
                        "cannot be written: the outline of feature " + change.id() + " has " + geometry.getNumPoints()
                                + " positions, FlatGeobuf holds " + MOST_POSITIONS
                                + "; simplify outlines or choose another format");
            }
            var builder = new FlatBufferBuilder(1024 + 24 * geometry.getNumPoints());
            int shape = geometry instanceof Polygon polygon ? polygon(builder, polygon) : parts(builder, geometry);
            int properties = Feature.createPropertiesVector(builder, properties(change));
            Feature.finishSizePrefixedFeatureBuffer(builder, Feature.createFeature(builder, shape, properties, 0));
            return builder.dataBuffer();
        }

        private static int parts(FlatBufferBuilder builder, Geometry geometry) {
            int[] parts = new int[geometry.getNumGeometries()];
            Arrays.setAll(parts, i -> polygon(builder, (Polygon) geometry.getGeometryN(i)));
            int vector = org.wololo.flatgeobuf.generated.Geometry.createPartsVector(builder, parts);
            return org.wololo.flatgeobuf.generated.Geometry.createGeometry(
                    builder, 0, 0, 0, 0, 0, 0, GeometryType.MultiPolygon, vector);
        }

        /// All rings in one list of positions, with the place where each ends. A single ring needs no such
        /// place.
        private static int polygon(FlatBufferBuilder builder, Polygon polygon) {
            double[] positions = new double[2 * polygon.getNumPoints()];
            long[] ends = new long[1 + polygon.getNumInteriorRing()];
            int at = 0;
            for (int ring = 0; ring < ends.length; ring++) {
                CoordinateSequence sequence = (ring == 0
                                ? polygon.getExteriorRing()
                                : polygon.getInteriorRingN(ring - 1))
                        .getCoordinateSequence();
                for (int i = 0; i < sequence.size(); i++) {
                    positions[at++] = sequence.getX(i);
                    positions[at++] = sequence.getY(i);
                }
                ends[ring] = at / 2;
            }
            int xy = org.wololo.flatgeobuf.generated.Geometry.createXyVector(builder, positions);
            int endsVector =
                    ends.length > 1 ? org.wololo.flatgeobuf.generated.Geometry.createEndsVector(builder, ends) : 0;
            return org.wololo.flatgeobuf.generated.Geometry.createGeometry(
                    builder, endsVector, xy, 0, 0, 0, 0, GeometryType.Polygon, 0);
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

        @Override
        public void commit() throws IOException {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.temporary()), 1 << 16)) {
                features.flush();
                out.write(MAGIC);
                if (count == 0) {
                    write(out, header(new double[0]));
                } else {
                    var index = new HilbertRTree(boxes, count);
                    write(out, header(index.extent()));
                    index.write(out, sizes);
                    copyFeatures(index.order(), out);
                }
            } catch (IOException e) {
                throw file.failure(e);
            }
            file.commit();
        }

        private static void write(OutputStream out, ByteBuffer bytes) throws IOException {
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }

        private void copyFeatures(int[] order, OutputStream out) throws IOException {
            long[] offsets = new long[count];
            for (int i = 1; i < count; i++) {
                offsets[i] = offsets[i - 1] + sizes[i - 1];
            }
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            for (int feature : order) {
                long end = offsets[feature] + sizes[feature];
                for (long at = offsets[feature]; at < end; at += buffer.limit()) {
                    buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                    while (buffer.hasRemaining()) {
                        spool.read(buffer, at + buffer.position());
                    }
                    out.write(buffer.array(), 0, buffer.limit());
                }
            }
        }

        /// @param extent of all features; empty where there are none
        private ByteBuffer header(double[] extent) {
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
            // Cut at the 180th meridian, some outlines have two parts and some one.
            Header.addGeometryType(builder, lonLat.isPresent() ? GeometryType.Unknown : GeometryType.Polygon);
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

        @Override
        public void close() throws IOException {
            try (file;
                    spool) {
                // Both are closed, and the spool deleted, whether or not the file was committed.
            }
        }
    }
}
