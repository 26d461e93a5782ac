package org.terrachange.raster.vector;

import java.util.List;
import java.util.stream.Collectors;

/// The SQL of a GeoPackage with one feature table (OGC 12-128r17, annex C and clause F.3).
///
/// @param table name of the feature table
/// @param attributes its columns beside the key and the geometry
/// @param geometryType what its geometries are, in the standard's words
/// @param srsId the CRS of its geometries
record GeoPackageSchema(String table, List<Attribute> attributes, String geometryType, int srsId) {
    static final int APPLICATION_ID = 0x47504B47;
    static final int VERSION = 10_300;

    static final int UNDEFINED_CARTESIAN = -1;
    static final int UNDEFINED_GEOGRAPHIC = 0;
    static final int WGS_84 = 4326;

    private static final String WGS_84_DEFINITION = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\","
            + "SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],"
            + "PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],"
            + "UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4326\"]]";

    /// The tables, empty.
    List<String> tables() {
        String columns = attributes.stream()
                .map(attribute -> ", \"" + attribute.name() + "\" " + attribute.kind())
                .collect(Collectors.joining());
        return List.of(
                """
                CREATE TABLE gpkg_spatial_ref_sys (
                  srs_name TEXT NOT NULL,
                  srs_id INTEGER NOT NULL PRIMARY KEY,
                  organization TEXT NOT NULL,
                  organization_coordsys_id INTEGER NOT NULL,
                  definition TEXT NOT NULL,
                  description TEXT)""",
                """
                CREATE TABLE gpkg_contents (
                  table_name TEXT NOT NULL PRIMARY KEY,
                  data_type TEXT NOT NULL,
                  identifier TEXT UNIQUE,
                  description TEXT DEFAULT '',
                  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
                  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
                  srs_id INTEGER,
                  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
                """
                CREATE TABLE gpkg_geometry_columns (
                  table_name TEXT NOT NULL,
                  column_name TEXT NOT NULL,
                  geometry_type_name TEXT NOT NULL,
                  srs_id INTEGER NOT NULL,
                  z TINYINT NOT NULL,
                  m TINYINT NOT NULL,
                  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
                  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
                  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
                  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
                """
                CREATE TABLE gpkg_extensions (
                  table_name TEXT,
                  column_name TEXT,
                  extension_name TEXT NOT NULL,
                  definition TEXT NOT NULL,
                  scope TEXT NOT NULL,
                  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
                "CREATE TABLE \"%s\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom %s%s)"
                        .formatted(table, geometryType, columns),
                "CREATE VIRTUAL TABLE \"rtree_%s_geom\" USING rtree(id, minx, maxx, miny, maxy)".formatted(table));
    }

    /// The rows that describe the table.
    ///
    /// @param crsName of the CRS, for people
    /// @param description of the table, for people
    List<Command> descriptions(String crsName, String description) {
        String srs = "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)";
        return List.of(
                new Command(
                        srs, "Undefined Cartesian", UNDEFINED_CARTESIAN, "NONE", UNDEFINED_CARTESIAN, "undefined", ""),
                new Command(
                        srs,
                        "Undefined geographic",
                        UNDEFINED_GEOGRAPHIC,
                        "NONE",
                        UNDEFINED_GEOGRAPHIC,
                        "undefined",
                        ""),
                new Command(
                        srs, "WGS 84", WGS_84, "EPSG", WGS_84, WGS_84_DEFINITION, "longitude and latitude in degrees"),
                new Command(srs, crsName, srsId, "EPSG", srsId, definition(), ""),
                new Command(
                        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
                                + " VALUES (?, 'features', ?, ?, ?)",
                        table,
                        table,
                        description,
                        srsId),
                new Command(
                        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", table, geometryType, srsId),
                new Command(
                        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', ?, 'write-only')",
                        table,
                        "http://www.geopackage.org/spec130/#extension_rtree"));
    }

    /// Inserts a feature: fid, geometry, then the attributes.
    String insertFeature() {
        String columns = attributes.stream()
                .map(attribute -> ", \"" + attribute.name() + "\"")
                .collect(Collectors.joining());
        return "INSERT INTO \"%s\" (fid, geom%s) VALUES (?, ?%s)"
                .formatted(table, columns, ", ?".repeat(attributes.size()));
    }

    /// Inserts an entry of the R-tree: fid, least x, greatest x, least y, greatest y.
    String insertIndexEntry() {
        return "INSERT INTO \"rtree_%s_geom\" VALUES (?, ?, ?, ?, ?)".formatted(table);
    }

    /// Sets the extent of the layer: least x, least y, greatest x, greatest y.
    String updateExtent() {
        return "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?";
    }

    /// The triggers by which other programs keep the R-tree up to date. They call functions that plain SQLite
    /// lacks, so they are made when all features are in.
    List<String> indexTriggers() {
        String filled = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))";
        String empty = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
        String replace = "INSERT OR REPLACE INTO \"rtree_@_geom\" VALUES"
                + " (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));";
        String delete = "DELETE FROM \"rtree_@_geom\" WHERE id = OLD.fid;";
        return List.of(
                trigger("insert", "AFTER INSERT ON \"@\" WHEN " + filled, replace),
                trigger("update1", "AFTER UPDATE OF geom ON \"@\" WHEN OLD.fid = NEW.fid AND " + filled, replace),
                trigger("update2", "AFTER UPDATE OF geom ON \"@\" WHEN OLD.fid = NEW.fid AND " + empty, delete),
                trigger(
                        "update3",
                        "AFTER UPDATE ON \"@\" WHEN OLD.fid != NEW.fid AND " + filled,
                        delete + " " + replace),
                trigger(
                        "update4",
                        "AFTER UPDATE ON \"@\" WHEN OLD.fid != NEW.fid AND " + empty,
                        "DELETE FROM \"rtree_@_geom\" WHERE id IN (OLD.fid, NEW.fid);"),
                trigger("delete", "AFTER DELETE ON \"@\" WHEN OLD.geom NOT NULL", delete));
    }

    private String trigger(String event, String when, String body) {
        return "CREATE TRIGGER \"rtree_@_geom_%s\" %s BEGIN %s END"
                .formatted(event, when, body)
                .replace("@", table);
    }

    /// Well-known text for the CRS that most satellite images come in; readers look others up by their EPSG
    /// code.
    private String definition() {
        int zone = srsId % 100;
        boolean north = srsId / 100 == 326;
        boolean utm = (north || srsId / 100 == 327) && zone >= 1 && zone <= 60;
        if (!utm) {
            return "undefined";
        }
        return "PROJCS[\"WGS 84 / UTM zone " + zone + (north ? "N" : "S") + "\"," + WGS_84_DEFINITION
                + ",PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],"
                + "PARAMETER[\"central_meridian\"," + (6 * zone - 183) + "],PARAMETER[\"scale_factor\",0.9996],"
                + "PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\"," + (north ? 0 : 10_000_000)
                + "],UNIT[\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]],AXIS[\"Easting\",EAST],AXIS[\"Northing\",NORTH],"
                + "AUTHORITY[\"EPSG\",\"" + srsId + "\"]]";
    }

    /// A statement and the values of its parameters.
    record Command(String sql, List<Object> values) {
        Command(String sql, Object... values) {
            this(sql, List.of(values));
        }
    }
}
