package org.terrachange.raster.vector;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.polygon.SceneLonLat;

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

        /// 36 bytes of box and size, and half of that again while the arrays grow or 24 more while they are
        /// sorted; the rest is for whatever else the program does.
        private static final long HEAP_BYTES_PER_FEATURE = 80;

        private static final int MOST_FEATURES = 1 << 27;

        private final AtomicFile file;
        private final Optional<SceneLonLat> lonLat;
        private final FileChannel spool;
        private final OutputStream features;
        private final FlatGeobufEncoder encoder;
        private double[] boxes = new double[4 * 256];
        private int[] sizes = new int[256];
        private int count;

        Writer(AtomicFile file, Layer layer) throws IOException {
            this.file = file;
            this.lonLat = layer.ground()
                    .filter(ground -> ground.crs().epsg().isEmpty())
                    .map(Layer.GroundReference::lonLat);
            this.encoder = new FlatGeobufEncoder(layer, Attribute.withId(layer));
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
            if (geometry.getNumPoints() > MOST_POSITIONS) {
                throw new RasterException(
                        file.target(),
                        "cannot be written: the outline of feature " + change.id() + " has " + geometry.getNumPoints()
                                + " positions, FlatGeobuf holds " + MOST_POSITIONS
                                + "; simplify outlines or choose another format");
            }
            ByteBuffer encoded = encoder.feature(geometry, change);
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
            if (2 * count * HEAP_BYTES_PER_FEATURE > Runtime.getRuntime().maxMemory() || count > MOST_FEATURES) {
                throw new RasterException(
                        file.target(),
                        "cannot be written: the index of more than " + count + " features does not fit into the "
                                + (Runtime.getRuntime().maxMemory() >> 20)
                                + " MiB of memory; raise the limit with -Xmx, or choose gpkg or geoparquet");
            }
            boxes = Arrays.copyOf(boxes, 2 * boxes.length);
            sizes = Arrays.copyOf(sizes, 2 * sizes.length);
        }

        @Override
        public void commit() throws IOException {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.temporary()), 1 << 16)) {
                features.flush();
                out.write(MAGIC);
                if (count == 0) {
                    write(out, encoder.header(count, new double[0]));
                } else {
                    var index = new HilbertRTree(boxes, count);
                    write(out, encoder.header(count, index.extent()));
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

        @Override
        public void close() throws IOException {
            try (file;
                    spool) {
                // Both are closed, and the spool deleted, whether or not the file was committed.
            }
        }
    }
}
