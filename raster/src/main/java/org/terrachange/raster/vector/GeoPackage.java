package org.terrachange.raster.vector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ByteOrderValues;
import org.locationtech.jts.io.WKBWriter;
import org.sqlite.SQLiteConfig;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.polygon.SceneLonLat;

/// GeoPackage 1.3 (OGC 12-128r17): one feature table with an R-tree, in the CRS of the raster.
///
/// A CRS without EPSG code cannot be named in the file; its features are written in longitude and latitude on
/// WGS 84 instead. Those of a plain picture are pixels in the undefined Cartesian CRS (-1), with y the row
/// counted downwards.
///
/// The whole file is one transaction without journal: a file that fails is deleted, never repaired.
public record GeoPackage() implements VectorFormat {

    @Override
    public String name() {
        return "gpkg";
    }

    @Override
    public List<String> aliases() {
        return List.of("geopackage");
    }

    @Override
    public String extension() {
        return "gpkg";
    }

    @Override
    public FeatureWriter open(Path file, Layer layer) throws IOException {
        AtomicFile pending = AtomicFile.create(file);
        try {
            return new Writer(pending, layer);
        } catch (SQLException e) {
            pending.close();
            throw pending.failure(e);
        }
    }

    private static final class Writer implements FeatureWriter {
        private final AtomicFile file;
        private final List<Attribute> attributes;
        private final GeoPackageSchema schema;
        /// The way to longitude and latitude, for a CRS that has no code.
        private final Optional<SceneLonLat> lonLat;

        private final Envelope extent = new Envelope();
        private final WKBWriter wkb = new WKBWriter(2, ByteOrderValues.LITTLE_ENDIAN);
        private final Connection connection;
        private final PreparedStatement feature;
        private final PreparedStatement indexEntry;

        Writer(AtomicFile file, Layer layer) throws SQLException {
            this.file = file;
            this.attributes = Attribute.of(layer);
            this.lonLat = layer.ground()
                    .filter(ground -> ground.crs().epsg().isEmpty())
                    .map(Layer.GroundReference::lonLat);
            int srsId = layer.ground()
                    .map(ground -> ground.crs().epsg().orElse(GeoPackageSchema.WGS_84))
                    .orElse(GeoPackageSchema.UNDEFINED_CARTESIAN);
            this.schema =
                    new GeoPackageSchema(layer.name(), attributes, lonLat.isPresent() ? "GEOMETRY" : "POLYGON", srsId);
            this.connection = connect(file.temporary());
            try {
                for (String table : schema.tables()) {
                    execute(table);
                }
                String crs = layer.ground().map(ground -> ground.crs().name()).orElse("");
                for (var command : schema.descriptions(crs, description(layer))) {
                    execute(command);
                }
                this.feature = connection.prepareStatement(schema.insertFeature());
                this.indexEntry = connection.prepareStatement(schema.insertIndexEntry());
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        private static String description(Layer layer) {
            return layer.ground().isPresent()
                    ? "Patches of change"
                    : "Patches of change, in pixels of the image: x counts columns to the right, y rows downwards from"
                            + " its upper left corner";
        }

        private static Connection connect(Path file) throws SQLException {
            var config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.OFF);
            config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
            config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
            config.setApplicationId(GeoPackageSchema.APPLICATION_ID);
            config.setUserVersion(GeoPackageSchema.VERSION);
            // As a URI, so that no character of the name is taken for the start of options.
            Connection connection = config.createConnection("jdbc:sqlite:" + file.toUri());
            connection.setAutoCommit(false);
            return connection;
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(sql);
            }
        }

        private void execute(GeoPackageSchema.Command command) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(command.sql())) {
                for (int i = 0; i < command.values().size(); i++) {
                    statement.setObject(i + 1, command.values().get(i));
                }
                statement.executeUpdate();
            }
        }

        @Override
        public void write(ChangeFeature change) throws IOException {
            Geometry geometry =
                    lonLat.map(way -> LonLatOutline.of(change.outline(), way)).orElse(change.outline());
            Envelope box = geometry.getEnvelopeInternal();
            extent.expandToInclude(box);
            try {
                feature.setLong(1, change.id());
                feature.setBytes(2, binary(geometry, box));
                for (int i = 0; i < attributes.size(); i++) {
                    feature.setObject(i + 3, attributes.get(i).value().apply(change));
                }
                feature.executeUpdate();
                indexEntry.setLong(1, change.id());
                indexEntry.setDouble(2, box.getMinX());
                indexEntry.setDouble(3, box.getMaxX());
                indexEntry.setDouble(4, box.getMinY());
                indexEntry.setDouble(5, box.getMaxY());
                indexEntry.executeUpdate();
            } catch (SQLException e) {
                throw file.failure(e);
            }
        }

        /// The binary form of a geometry (clause 2.1.3): a header with the envelope, then well-known binary.
        private byte[] binary(Geometry geometry, Envelope box) {
            byte[] body = wkb.write(geometry);
            byte littleEndianWithEnvelope = 0b011;
            return ByteBuffer.allocate(40 + body.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("GP".getBytes(StandardCharsets.US_ASCII))
                    .put((byte) 0)
                    .put(littleEndianWithEnvelope)
                    .putInt(schema.srsId())
                    .putDouble(box.getMinX())
                    .putDouble(box.getMaxX())
                    .putDouble(box.getMinY())
                    .putDouble(box.getMaxY())
                    .put(body)
                    .array();
        }

        @Override
        public void commit() throws IOException {
            try {
                for (String trigger : schema.indexTriggers()) {
                    execute(trigger);
                }
                if (!extent.isNull()) {
                    execute(new GeoPackageSchema.Command(
                            schema.updateExtent(),
                            extent.getMinX(),
                            extent.getMinY(),
                            extent.getMaxX(),
                            extent.getMaxY()));
                }
                connection.commit();
                connection.close();
            } catch (SQLException e) {
                throw file.failure(e);
            }
            file.commit();
        }

        @Override
        public void close() throws IOException {
            try (file) {
                connection.close();
            } catch (SQLException e) {
                throw file.failure(e);
            }
        }
    }
}
