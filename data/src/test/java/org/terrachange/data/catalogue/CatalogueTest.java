package org.terrachange.data.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.io.FileSystemOutputFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.io.WKBWriter;
import org.terrachange.data.pairs.DatasetException;

class CatalogueTest {
    @TempDir
    private Path folder;

    private static List<PairEntry> read(Path path) throws IOException, InterruptedException {
        List<PairEntry> entries = new ArrayList<>();
        Catalogue catalogue = Catalogue.open(path);
        catalogue.forEach(entries::add);
        assertThat(catalogue.count()).isEqualTo(entries.size());
        return entries;
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, new byte[0]);
    }

    private Path text(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void sisterFoldersPairByName() throws Exception {
        file("train/A/x.png");
        file("train/B/x.jpg");
        file("train/label/x.png");
        file("val/Before/y.tif");
        file("val/After/y.tif");
        file("val/Before/notes.txt");

        List<PairEntry> entries = read(folder);

        assertThat(entries).extracting(PairEntry::id).containsExactly("train/x", "val/y");
        assertThat(entries.getFirst().before())
                .isEqualTo(folder.resolve("train/A/x.png").toString());
        assertThat(entries.getFirst().after())
                .isEqualTo(folder.resolve("train/B/x.jpg").toString());
        assertThat(entries.getLast().after())
                .isEqualTo(folder.resolve("val/After/y.tif").toString());
    }

    @Test
    void filesSideBySidePairByTheirLastWord() throws Exception {
        file("joplin_00_pre_disaster.png");
        file("joplin_00_post_disaster.png");
        file("deep/er/Scene_Before.tif");
        file("deep/er/Scene_After.tif");
        file("deep/er/alone_before.tif");

        assertThat(read(folder)).extracting(PairEntry::id).containsExactlyInAnyOrder("joplin_00", "deep/er/Scene");
    }

    @Test
    void anImageWithoutPartnerInASisterFolderIsRefused() throws Exception {
        file("A/x.png");
        file("A/z.png");
        file("B/x.png");

        assertThatThrownBy(() -> read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("z.png");
        Files.delete(folder.resolve("A/z.png"));
        file("B/w.png");
        assertThatThrownBy(() -> read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("w.png");
    }

    @Test
    void aFolderWithoutPairsIsRefused() throws Exception {
        file("pictures/x.png");

        assertThatThrownBy(() -> read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("no pairs");
    }

    @Test
    void aTableGivesPathsDatesPlacesAndCaptions() throws Exception {
        Path image = file("images/b 1.tif");
        Path table = text("pairs.csv", "\ufeff" + """
                ID,before,after,before_date,after_date,footprint,west,south,east,north,captions
                one,images/b 1.tif,https://example.org/a.tif,2019-06-30,2021-06-30T10:56:00Z,"POLYGON((0 0,1 0,1 2,0 0))",,,,,"a house|a, road"
                ,x.tif,y.tif,,,,10,20,11,21.5,

                """);

        List<PairEntry> entries = read(table);

        PairEntry one = entries.getFirst();
        assertThat(one.id()).isEqualTo("one");
        assertThat(one.before()).isEqualTo(image.toString());
        assertThat(one.after()).isEqualTo("https://example.org/a.tif");
        assertThat(one.beforeDate()).contains("2019-06-30");
        assertThat(one.afterDate()).contains("2021-06-30T10:56:00Z");
        assertThat(one.footprint().orElseThrow().getArea()).isEqualTo(1);
        assertThat(one.captions()).containsExactly("a house", "a, road");
        PairEntry two = entries.getLast();
        assertThat(two.id()).isEqualTo("y.tif");
        assertThat(two.before()).isEqualTo("x.tif");
        assertThat(two.footprint().orElseThrow().getEnvelopeInternal()).isEqualTo(new Envelope(10, 11, 20, 21.5));
    }

    private static final String BOX = "id,before,after,west,south,east,north\n";

    @Test
    void aBoxAcrossTheDateLineIsTwo() throws Exception {
        Path table = text("pairs.csv", BOX + """
                across,x,y1,179.9,-1,-179.8,1
                west of it,x,y2,179.9,-1,180,1
                touching it,x,y3,179.9,-1,-180,1
                """);

        List<Geometry> footprints = read(table).stream()
                .map(entry -> entry.footprint().orElseThrow())
                .toList();

        Geometry across = footprints.getFirst();
        assertThat(across.getNumGeometries()).isEqualTo(2);
        assertThat(across.getGeometryN(0).getEnvelopeInternal()).isEqualTo(new Envelope(179.9, 180, -1, 1));
        assertThat(across.getGeometryN(1).getEnvelopeInternal()).isEqualTo(new Envelope(-180, -179.8, -1, 1));
        assertThat(footprints.subList(1, 3))
                .allMatch(box -> box.getEnvelopeInternal().equals(new Envelope(179.9, 180, -1, 1)));
    }

    @Test
    void tablesNameTheRowThatIsWrong() throws Exception {
        String head = "id,before,after,before_date,west\n";
        for (String[] wrong : new String[][] {
            {head + "a,x,y,,\na,x,y,,\n", "row 3", "id \"a\" of an earlier row"},
            {head + "a,x,,,\n", "row 2", "nothing in the column after"},
            {head + "a,x,y,30.6.2019,\n", "row 2", "'30.6.2019' is no date"},
            {head + "a,x,y,,ten\n", "row 2", "\"ten\" for the degrees of its west"},
            {head + "a,x,y,,NaN\n", "row 2", "\"NaN\" for the degrees of its west"},
            {BOX + "a,x,y,10,2,11,1\n", "row 2", "a south of 2.0 beyond its north of 1.0"},
            {BOX + "a,x,y,190,1,-170,2\n", "row 2", "from -180 to 180"},
            {"id,before,after,geometry\na,x,y,POLYGON((0\n", "row 2", "well-known"},
            {head, "has no rows"},
            {head + "a,x,y,\"2019\n", "cannot be read"}
        }) {
            Path table = text("pairs.csv", wrong[0]);
            var thrown = assertThatThrownBy(() -> read(table)).as(wrong[0]).isInstanceOf(DatasetException.class);
            for (int i = 1; i < wrong.length; i++) {
                thrown.hasMessageContaining(wrong[i]);
            }
        }
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, (head + "é,x,y,,\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(latin))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("UTF-8");
    }

    record Row(
            String id,
            String before,
            String after,
            @Nullable LocalDate before_date,
            @Nullable Binary geometry,
            @Nullable List<String> captions) {}

    @Test
    void geoParquetIsReadAlike() throws Exception {
        Path file = folder.resolve("pairs.parquet");
        byte[] shape = new WKBWriter().write(new GeometryFactory().toGeometry(new Envelope(5, 6, 7, 9)));
        try (CarpetWriter<Row> writer = new CarpetWriter<>(new FileSystemOutputFile(file.toFile()), Row.class)) {
            writer.write(new Row(
                    "p",
                    "x.tif",
                    "y.tif",
                    LocalDate.of(2020, 2, 29),
                    Binary.fromConstantByteArray(shape),
                    List.of("one", "two")));
            writer.write(new Row("q", "u.tif", "v.tif", null, null, null));
        }

        List<PairEntry> entries = read(file);

        assertThat(entries).extracting(PairEntry::id).containsExactly("p", "q");
        assertThat(entries.getFirst().beforeDate()).contains("2020-02-29");
        assertThat(entries.getFirst().footprint().orElseThrow().getArea()).isEqualTo(2);
        assertThat(entries.getFirst().captions()).containsExactly("one", "two");
        assertThat(entries.getLast().footprint()).isEmpty();
        Files.write(file, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("Parquet");
    }

    @Test
    void whatAReaderOfRowsThrowsIsNotBlamedOnTheTable() throws Exception {
        Path file = folder.resolve("pairs.parquet");
        try (CarpetWriter<Row> writer = new CarpetWriter<>(new FileSystemOutputFile(file.toFile()), Row.class)) {
            writer.write(new Row("p", "x.tif", "y.tif", null, null, null));
        }
        UncheckedIOException disk = new UncheckedIOException(new IOException("the disk is full"));
        for (RuntimeException thrown : List.of(new IllegalStateException("a mistake elsewhere"), disk)) {
            assertThatThrownBy(() -> Catalogue.open(file).forEach(_ -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
        }
    }

    /// Two dates under two pairs of words, and beside each other.
    @Test
    void twoPairsOfAFolderWithOneNameAreRefused() throws Exception {
        file("site/A/x.png");
        file("site/B/x.png");
        file("site/T1/x.png");
        file("site/T2/x.png");

        assertThatThrownBy(() -> read(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("\"site/x\"")
                .hasMessageContaining(folder.resolve("site/A/x.png").toString())
                .hasMessageContaining(folder.resolve("site/T1/x.png").toString());
    }

    @Test
    void stacItemsAreRead() throws Exception {
        Path file = text("items.json", """
                {"type": "FeatureCollection", "links": [{"features": []}], "features": [
                  {"type": "Feature", "id": "i1",
                   "geometry": {"type": "Polygon", "coordinates": [[[0,0],[2,0],[2,1],[0,0]]]},
                   "properties": {"start_datetime": "2018-01-01T00:00:00Z", "end_datetime": "2019-01-01T00:00:00Z",
                                  "captions": ["a lake dries out"]},
                   "assets": {"before": {"href": "./b.tif"},
                              "after": {"href": "https://example.org/a.tif", "datetime": "2019-02-03T00:00:00Z"}}}]}
                """);

        PairEntry entry = read(file).getFirst();

        assertThat(entry.id()).isEqualTo("i1");
        assertThat(entry.before()).isEqualTo(folder.resolve("b.tif").toString());
        assertThat(entry.after()).isEqualTo("https://example.org/a.tif");
        assertThat(entry.beforeDate()).contains("2018-01-01T00:00:00Z");
        assertThat(entry.afterDate()).contains("2019-02-03T00:00:00Z");
        assertThat(entry.footprint().orElseThrow().getArea()).isEqualTo(1);
        assertThat(entry.captions()).containsExactly("a lake dries out");
    }

    @Test
    void stacItemsThatCannotBeUnderstoodAreNamed() throws Exception {
        for (String[] wrong : new String[][] {
            {"{\"features\": [{\"id\": \"x\", \"assets\": {}}]}", "item 1", "asset \"after\""},
            {"{\"items\": []}", "no list named features"},
            {"{\"features\": []}", "no items"},
            {"{\"features\": [{\"id\": \"x\"", "cut short"},
            {"[1, 2]", "features"}
        }) {
            Path file = text("items.json", wrong[0]);
            var thrown = assertThatThrownBy(() -> read(file)).as(wrong[0]).isInstanceOf(DatasetException.class);
            for (int i = 1; i < wrong.length; i++) {
                thrown.hasMessageContaining(wrong[i]);
            }
        }
    }

    @Test
    void otherFilesAreNoCatalogues() throws Exception {
        Path picture = file("x.png");

        assertThatThrownBy(() -> read(picture))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("expected");
        assertThatThrownBy(() -> read(folder.resolve("absent.csv")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("does not exist");
    }
}
