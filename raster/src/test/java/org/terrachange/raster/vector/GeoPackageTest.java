package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

class GeoPackageTest {
    private static final String SQUARE =
            "POLYGON ((270000 3290000, 270500 3290000, 270500 3289500, 270000 3289500, 270000 3290000),"
                    + " (270100 3289900, 270100 3289800, 270200 3289800, 270200 3289900, 270100 3289900))";
    private static final String PIXEL =
            "POLYGON ((270900.5 3289000, 270901 3289000, 270901 3288999.5, 270900.5 3288999.5, 270900.5 3289000))";

    @TempDir
    Path folder;

    @Test
    void theFileSaysThatItIsAGeoPackage() throws IOException, SQLException {
        write(Samples.onGround(OptionalInt.of(32615)));
        assertThat(query("PRAGMA application_id")).containsExactly("1196444487");
        assertThat(query("PRAGMA user_version")).containsExactly("10300");
        assertThat(query("PRAGMA integrity_check")).containsExactly("ok");
        assertThat(query("PRAGMA foreign_key_check")).isEmpty();
    }

    @Test
    void theTablesDescribeTheLayer() throws IOException, SQLException {
        write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(1, SQUARE), Samples.feature(2, PIXEL));
        assertThat(query("SELECT table_name, data_type, srs_id, min_x, min_y, max_x, max_y FROM gpkg_contents"))
                .containsExactly("changes|features|32615|270000.0|3288999.5|270901.0|3290000.0");
        assertThat(query("SELECT * FROM gpkg_geometry_columns")).containsExactly("changes|geom|POLYGON|32615|0|0");
        assertThat(query("SELECT srs_id, organization FROM gpkg_spatial_ref_sys ORDER BY srs_id"))
                .containsExactly("-1|NONE", "0|NONE", "4326|EPSG", "32615|EPSG");
        assertThat(query("SELECT table_name, column_name, extension_name, scope FROM gpkg_extensions"))
                .containsExactly("changes|geom|gpkg_rtree_index|write-only");
    }

    @Test
    void featuresAreReadBackWithTheirAttributes() throws IOException, SQLException {
        write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, SQUARE));
        assertThat(query(
                        "SELECT fid, key, pixels, area_m2, perimeter_m, mean_probability, max_probability, before, after"
                                + " FROM changes"))
                .containsExactly("7|270000.25,3289999.75|1234|308.5|87.25|0.833333|0.99|2017-03-01|null");
    }

    @Test
    void geometriesHaveAHeaderWithTheEnvelopeAndAreExact() throws IOException, SQLException, ParseException {
        write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(1, SQUARE));
        try (Connection connection = connect();
                ResultSet row = connection.createStatement().executeQuery("SELECT geom FROM changes")) {
            byte[] blob = row.getBytes(1);
            ByteBuffer header = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(new byte[] {header.get(), header.get(), header.get(), header.get()})
                    .containsExactly('G', 'P', 0, 0b011);
            assertThat(header.getInt()).isEqualTo(32615);
            assertThat(new double[] {header.getDouble(), header.getDouble(), header.getDouble(), header.getDouble()})
                    .containsExactly(270000, 270500, 3289500, 3290000);
            var geometry = new WKBReader().read(Arrays.copyOfRange(blob, 40, blob.length));
            assertThat(geometry.equalsExact(Samples.polygon(SQUARE))).isTrue();
        }
    }

    @Test
    void theIndexFindsFeaturesByPlace() throws IOException, SQLException {
        write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(1, SQUARE), Samples.feature(2, PIXEL));
        assertThat(query("SELECT id FROM rtree_changes_geom WHERE minx <= 270901 AND maxx >= 270900"))
                .containsExactly("2");
        assertThat(query("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
                .containsExactly(
                        "rtree_changes_geom_delete",
                        "rtree_changes_geom_insert",
                        "rtree_changes_geom_update1",
                        "rtree_changes_geom_update2",
                        "rtree_changes_geom_update3",
                        "rtree_changes_geom_update4");
    }

    @Test
    void noFeaturesLeaveTheExtentUnknown() throws IOException, SQLException {
        write(Samples.PIXELS);
        assertThat(query("SELECT min_x, max_y FROM gpkg_contents")).containsExactly("null|null");
    }

    @Test
    void pixelsAreInTheUndefinedCartesianCrsAndSaySo() throws IOException, SQLException, InterruptedException {
        Path file = write(Samples.PIXELS, Samples.feature(1, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"));
        assertThat(query("SELECT srs_id, perimeter_px FROM gpkg_geometry_columns, changes"))
                .containsExactly("-1|87.25");
        assertThat(query("SELECT description FROM gpkg_contents").getFirst()).contains("y rows downwards");
        assertThat(Ogrinfo.run(file, "-al", "-so"))
                .contains("Undefined Cartesian")
                .contains("Feature Count: 1");
    }

    @Test
    void aCrsWithoutCodeIsWrittenInLongitudeAndLatitude() throws IOException, SQLException, InterruptedException {
        Path file = write(Samples.onGround(OptionalInt.empty()), Samples.feature(1, SQUARE));
        assertThat(query("SELECT srs_id FROM gpkg_contents")).containsExactly("4326");
        assertThat(Ogrinfo.run(file, "-al", "-so"))
                .contains("Extent: (-95.377689, 29.714350) - (-95.372417, 29.718951)")
                .contains("ID[\"EPSG\",4326]");
    }

    @ParameterizedTest
    @CsvSource({
        "32615, WGS 84 / UTM zone 15N",
        "32733, WGS 84 / UTM zone 33S",
        "25833, ETRS89 / UTM zone 33N",
        "3857, WGS 84 / Pseudo-Mercator",
        "4326, WGS 84"
    })
    void gdalKnowsTheCrs(int epsg, String name) throws IOException, InterruptedException {
        Path file = write(Samples.onGround(OptionalInt.of(epsg)), Samples.feature(1, SQUARE));
        assertThat(Ogrinfo.run(file, "-al", "-so"))
                .contains("CRS[\"" + name + "\"")
                .contains("ID[\"EPSG\"," + epsg + "]")
                .contains("Extent: (270000.000000, 3289500.000000) - (270500.000000, 3290000.000000)")
                .contains("FID Column = fid")
                .contains("Geometry Column = geom");
    }

    @Test
    void gdalCanEditTheFileThroughTheTriggers() throws IOException, InterruptedException, SQLException {
        Path file =
                write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(1, SQUARE), Samples.feature(2, PIXEL));
        String output = Ogrinfo.run(file, "-sql", "DELETE FROM changes WHERE fid = 1");
        assertThat(output).doesNotContain("ERROR");
        assertThat(query("SELECT id FROM rtree_changes_geom")).containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "a b", "a\"b", "gpkg_contents", "rtree_x"})
    void layerNamesThatSqlWouldTripOverAreRefused(String name) {
        assertThatThrownBy(() -> Layer.ofPixels(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "' cannot name a layer");
    }

    @Test
    void twoFeaturesWithOneIdAreRefusedByTheFilesName() {
        assertThatThrownBy(() -> write(Samples.PIXELS, Samples.feature(1, PIXEL), Samples.feature(1, PIXEL)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("changes.gpkg: cannot be written:");
    }

    private Path write(Layer layer, ChangeFeature... features) throws IOException {
        Path file = folder.resolve("changes.gpkg");
        try (FeatureWriter writer = new GeoPackage().open(file, layer)) {
            for (ChangeFeature feature : features) {
                writer.write(feature);
            }
            writer.commit();
        }
        return file;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("changes.gpkg"));
    }

    /// The rows of a query, their columns joined by bars.
    private List<String> query(String sql) throws SQLException {
        var rows = new ArrayList<String>();
        try (Connection connection = connect();
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            while (result.next()) {
                var columns = new ArrayList<String>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join("|", columns));
            }
        }
        return rows;
    }
}
