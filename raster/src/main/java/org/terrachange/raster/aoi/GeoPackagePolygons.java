package org.terrachange.raster.aoi;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.sqlite.SQLiteConfig;
import org.terrachange.raster.Crs;
import org.terrachange.raster.RasterException;

/// Polygons of every feature table of a GeoPackage (OGC 12-128r17), each table in its own CRS.
record GeoPackagePolygons(Path file) implements PolygonFile {

    /// A feature table and what its `gpkg_spatial_ref_sys` row says of its CRS.
    private record Table(String name, String column, String organization, int code, String crsName) {}

    @Override
    public void read(Sink sink) throws IOException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + file.toUri())) {
            for (Table table : tables(connection)) {
                read(connection, table, sink);
            }
        } catch (SQLException e) {
            throw new RasterException(file, "cannot be read as a GeoPackage: " + e.getMessage(), e);
        }
    }

    private static List<Table> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<Table>();
        String query = "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id, s.srs_name"
                + " FROM gpkg_geometry_columns g JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
                + " ORDER BY g.table_name";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                tables.add(new Table(
                        row.getString(1), row.getString(2), row.getString(3), row.getInt(4), row.getString(5)));
            }
        }
        return tables;
    }

    private void read(Connection connection, Table table, Sink sink) throws SQLException, IOException {
        String query = "SELECT " + quoted(table.column()) + " FROM " + quoted(table.name());
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                byte[] blob = row.getBytes(1);
                if (blob != null) {
                    polygons(geometry(blob, table), table, sink);
                }
            }
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// Well-known binary behind a header of the length that its flags tell (clause 2.1.3).
    private Geometry geometry(byte[] blob, Table table) throws IOException {
        int header = blob.length < 8 || blob[0] != 'G' || blob[1] != 'P'
                ? blob.length
                : 8
                        + switch (blob[3] >> 1 & 7) {
                            case 0 -> 0;
                            case 1 -> 32;
                            case 2, 3 -> 48;
                            default -> 64;
                        };
        if (header >= blob.length) {
            throw damaged(table, "a geometry without the header that GeoPackage prescribes", null);
        }
        try {
            return new WKBReader().read(Arrays.copyOfRange(blob, header, blob.length));
        } catch (ParseException e) {
            throw damaged(table, "a geometry that cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private RasterException damaged(Table table, String problem, @Nullable Throwable cause) {
        return new RasterException(
                file,
                "its table " + table.name() + " holds " + problem + "; repair it, for example with ogr2ogr",
                cause);
    }

    private void polygons(Geometry geometry, Table table, Sink sink) throws IOException {
        for (int i = 0; i < geometry.getNumGeometries(); i++) {
            Geometry part = geometry.getGeometryN(i);
            if (part instanceof Polygon polygon) {
                if (!polygon.isEmpty()) {
                    sink.accept(crs(table), outline(polygon));
                }
            } else if (part instanceof GeometryCollection) {
                polygons(part, table, sink);
            }
        }
    }

    private Crs crs(Table table) throws RasterException {
        if (!table.organization().equalsIgnoreCase("EPSG")) {
            throw new RasterException(
                    file,
                    "the CRS of its table " + table.name() + " (" + table.crsName()
                            + ") has no EPSG code; reproject it, for example with ogr2ogr -t_srs EPSG:4326");
        }
        try {
            return Crs.ofEpsg(table.code());
        } catch (IllegalArgumentException e) {
            throw new RasterException(file, "has a CRS that cannot be used: " + e.getMessage(), e);
        }
    }

    private static Outline outline(Polygon polygon) {
        var rings = new ArrayList<double[]>();
        rings.add(positions(polygon.getExteriorRing()));
        for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
            rings.add(positions(polygon.getInteriorRingN(i)));
        }
        return new Outline(rings);
    }

    private static double[] positions(LinearRing ring) {
        CoordinateSequence sequence = ring.getCoordinateSequence();
        double[] positions = new double[2 * sequence.size()];
        for (int i = 0; i < sequence.size(); i++) {
            positions[2 * i] = sequence.getX(i);
            positions[2 * i + 1] = sequence.getY(i);
        }
        return positions;
    }
}
