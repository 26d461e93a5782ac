package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.io.FileSystemInputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.terrachange.raster.GdalOracle;
import org.terrachange.raster.polygon.SceneLonLat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GeoParquetTest {
    private static final String SQUARE =
            "POLYGON ((270000 3290000, 270500 3290000, 270500 3289500, 270000 3289500, 270000 3290000),"
                    + " (270100 3289900, 270100 3289800, 270200 3289800, 270200 3289900, 270100 3289900))";
    private static final String PIXEL =
            "POLYGON ((270900.5 3289000, 270901 3289000, 270901 3288999.5, 270900.5 3288999.5, 270900.5 3289000))";

    /// A row as the reference implementation of Parquet reads it.
    record Row(
            Long id,
            String key,
            Long pixels,
            Double area_m2,
            Double perimeter_m,
            Double mean_probability,
            Double max_probability,
            String before,
            @Nullable String after,
            Binary geometry,
            Box bbox) {}

    record Box(double xmin, double ymin, double xmax, double ymax) {}

    @TempDir
    Path folder;

    @Test
    void rowsAreReadBackAsTheyWereWritten() throws IOException, ParseException {
        Path file =
                write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, SQUARE), Samples.feature(8, PIXEL));
        List<Row> rows = rows(file);
        assertThat(rows).hasSize(2);
        Row first = rows.getFirst();
        assertThat(new Row(
                        first.id(),
                        first.key(),
                        first.pixels(),
                        first.area_m2(),
                        first.perimeter_m(),
                        first.mean_probability(),
                        first.max_probability(),
                        first.before(),
                        first.after(),
                        Binary.EMPTY,
                        first.bbox()))
                .isEqualTo(new Row(
                        7L,
                        "270000.25,3289999.75",
                        1234L,
                        308.5,
                        87.25,
                        0.833333,
                        0.99,
                        "2017-03-01",
                        null,
                        Binary.EMPTY,
                        new Box(270_000, 3_289_500, 270_500, 3_290_000)));
        assertThat(new WKBReader().read(first.geometry().getBytes()).equalsExact(Samples.polygon(SQUARE)))
                .isTrue();
        assertThat(rows.get(1).id()).isEqualTo(8);
        assertThat(new WKBReader().read(rows.get(1).geometry().getBytes()).equalsExact(Samples.polygon(PIXEL)))
                .isTrue();
    }

    @Test
    void theMetadataFollowTheSpecification() throws IOException {
        Path file =
                write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, SQUARE), Samples.feature(8, PIXEL));
        JsonNode geo = geo(file);
        assertThat(geo.get("version").asString()).isEqualTo("1.1.0");
        assertThat(geo.get("primary_column").asString()).isEqualTo("geometry");
        JsonNode column = geo.at("/columns/geometry");
        assertThat(column.get("encoding").asString()).isEqualTo("WKB");
        assertThat(column.get("geometry_types").toString()).isEqualTo("[\"Polygon\"]");
        assertThat(column.get("bbox").toString()).isEqualTo("[270000.0,3288999.5,270901.0,3290000.0]");
        assertThat(column.get("covering").toString())
                .isEqualTo("{\"bbox\":{\"xmin\":[\"bbox\",\"xmin\"],\"ymin\":[\"bbox\",\"ymin\"],"
                        + "\"xmax\":[\"bbox\",\"xmax\"],\"ymax\":[\"bbox\",\"ymax\"]}}");
        assertThat(column.at("/crs/id/code").asInt()).isEqualTo(32615);
    }

    @Test
    void theSchemaHasARequiredGeometryAndAStructOfItsBox() throws IOException {
        Path file = write(Samples.onGround(OptionalInt.of(32615)), Samples.feature(7, SQUARE));
        assertThat(footer(file).getFileMetaData().getSchema().toString())
                .contains("optional int64 id;")
                .contains("optional binary key (STRING);")
                .contains("optional double area_m2;")
                .contains("required binary geometry;")
                .containsPattern("(?s)required group bbox \\{\\s*required double xmin;\\s*required double ymin;"
                        + "\\s*required double xmax;\\s*required double ymax;\\s*\\}");
    }

    /// GDAL's own Parquet driver is rarely installed, but it knows what a PROJJSON means.
    @Test
    void theDefinitionOfTheCrsIsThatOfTheRegister() throws IOException {
        var arguments = new ArrayList<String>();
        for (int code : new int[] {32601, 32660, 32615, 32733, 25833, 26910, 28355, 7850, 3857, 4258, 4269, 4283}) {
            Path file = write(Samples.onGround(OptionalInt.of(code)), Samples.feature(7, SQUARE));
            arguments.add(geo(file).at("/columns/geometry/crs").toString());
            arguments.add(Integer.toString(code));
        }
        JsonNode answers = GdalOracle.ask("""
                import json, sys
                from osgeo import osr
                osr.UseExceptions()
                answers = []
                for definition, code in zip(sys.argv[1::2], sys.argv[2::2]):
                    given, registered = osr.SpatialReference(), osr.SpatialReference()
                    given.SetFromUserInput(definition)
                    registered.ImportFromEPSG(int(code))
                    answers.append({"code": code, "same": given.IsSame(registered) == 1,
                        "known": given.GetAuthorityCode(None), "given": given.GetName(),
                        "registered": registered.GetName()})
                print(json.dumps(answers))
                """, arguments);
        assertThat(answers.size()).isEqualTo(12);
        for (JsonNode answer : answers) {
            assertThat(answer.get("same").asBoolean()).as(answer.toString()).isTrue();
            assertThat(answer.get("known")).isEqualTo(answer.get("code"));
            assertThat(answer.get("given")).isEqualTo(answer.get("registered"));
        }
    }

    @Test
    void wgs84IsTheDefaultAndNotSpelledOut() throws IOException {
        Path file = write(Samples.onGround(OptionalInt.of(4326)), Samples.feature(7, SQUARE));
        assertThat(geo(file).at("/columns/geometry").has("crs")).isFalse();
        assertThat(rows(file).getFirst().bbox().xmin()).isEqualTo(270_000);
    }

    @ParameterizedTest
    @CsvSource({"27700", "0"})
    void aCrsThatIsNotDefinedHereIsWrittenInLongitudeAndLatitude(int epsg) throws IOException {
        Path file = write(
                Samples.onGround(epsg == 0 ? OptionalInt.empty() : OptionalInt.of(epsg)), Samples.feature(7, SQUARE));
        assertThat(geo(file).at("/columns/geometry").has("crs")).isFalse();
        assertThat(rows(file).getFirst().bbox()).isEqualTo(new Box(-95.3776885, 29.7143501, -95.372417, 29.7189514));
    }

    @Test
    void outlinesCutAtTheDateLineAreNamedAmongTheTypes() throws IOException {
        var lonLat = new SceneLonLat(179.9, c -> new Coordinate(c.x > 180 ? c.x - 360 : c.x, c.y));
        var layer = Layer.onGround("changes", new Layer.GroundReference(Samples.USER_DEFINED, lonLat));
        Path file = write(
                layer,
                Samples.feature(1, "POLYGON ((179 -17, 182 -17, 182 -16, 179 -16, 179 -17))"),
                Samples.feature(2, "POLYGON ((179 -15, 180 -15, 180 -14, 179 -14, 179 -15))"));
        assertThat(geo(file).at("/columns/geometry/geometry_types").toString())
                .isEqualTo("[\"MultiPolygon\",\"Polygon\"]");
    }

    @Test
    void pixelsHaveAnUnknownCrsAndSaySo() throws IOException {
        Path file = write(Samples.PIXELS, Samples.feature(1, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"));
        assertThat(geo(file).at("/columns/geometry/crs").isNull()).isTrue();
        assertThat(footer(file).getFileMetaData().getKeyValueMetaData().get("coordinate_space"))
                .startsWith("pixels of the image");
    }

    @Test
    void noFeaturesMakeAnEmptyTable() throws IOException {
        Path file = write(Samples.onGround(OptionalInt.of(32615)));
        assertThat(rows(file)).isEmpty();
        assertThat(geo(file).at("/columns/geometry").has("bbox")).isFalse();
        assertThat(geo(file).at("/columns/geometry/geometry_types").isEmpty()).isTrue();
    }

    @Test
    void manyFeaturesAreSplitIntoGroupsWhoseBoxesAreTold() throws IOException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("GeoParquetTest: seed " + seed);
        var random = new SplittableRandom(seed);
        int count = 130_000;
        Path file = folder.resolve("changes.parquet");
        ChangeFeature sample = Samples.feature(0, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))");
        var befores = new ArrayList<Optional<String>>();
        try (FeatureWriter writer = new GeoParquet().open(file, Samples.onGround(OptionalInt.of(32615)))) {
            for (int i = 0; i < count; i++) {
                befores.add(random.nextInt(5) > 1 ? Optional.of("day " + random.nextInt()) : Optional.empty());
                writer.write(new ChangeFeature(
                        i,
                        "k" + i,
                        sample.outline(),
                        i,
                        sample.areaSquareMetres(),
                        i,
                        0.5,
                        1,
                        befores.get(i),
                        Optional.empty()));
            }
            writer.commit();
        }
        List<BlockMetaData> groups = footer(file).getBlocks();
        assertThat(groups.stream().map(BlockMetaData::getRowCount)).containsExactly(100_000L, 30_000L);
        for (BlockMetaData group : groups) {
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                if (chunk.getPath().toDotString().equals("bbox.xmin")) {
                    var statistics = (DoubleStatistics) chunk.getStatistics();
                    assertThat(statistics.getMin()).isEqualTo(-0.0);
                    assertThat(statistics.getMax()).isEqualTo(0.0);
                }
                if (chunk.getPath().toDotString().equals("after")) {
                    assertThat(chunk.getStatistics().getNumNulls()).isEqualTo(group.getRowCount());
                }
            }
        }
        var perimeter = (DoubleStatistics) groups.get(1).getColumns().get(4).getStatistics();
        assertThat(perimeter.getMin()).isEqualTo(100_000);
        assertThat(perimeter.getMax()).isEqualTo(129_999);
        int at = 0;
        for (Row row : new CarpetReader<>(file.toFile(), Row.class)) {
            if (row.id() != at
                    || !row.key().equals("k" + at)
                    || !Optional.ofNullable(row.before()).equals(befores.get(at))) {
                assertThat(row).as("row %d", at).isNull();
            }
            at++;
        }
        assertThat(at).isEqualTo(count);
    }

    private Path write(Layer layer, ChangeFeature... features) throws IOException {
        Path file = folder.resolve("changes.parquet");
        try (FeatureWriter writer = new GeoParquet().open(file, layer)) {
            for (ChangeFeature feature : features) {
                writer.write(feature);
            }
            writer.commit();
        }
        return file;
    }

    private static List<Row> rows(Path file) throws IOException {
        return StreamSupport.stream(new CarpetReader<>(file.toFile(), Row.class).spliterator(), false)
                .toList();
    }

    private static ParquetMetadata footer(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new FileSystemInputFile(file.toFile()))) {
            return reader.getFooter();
        }
    }

    private static JsonNode geo(Path file) throws IOException {
        return JsonMapper.shared()
                .readTree(footer(file).getFileMetaData().getKeyValueMetaData().get("geo"));
    }
}
