package org.terrachange.search.present;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.raster.Window;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HitTablesTest {
    private static final ChangeRecord PLACED = new ChangeRecord(
            "a@0,256",
            "a",
            "b \"1\".tif",
            "a,1.tif",
            new Window(0, 256, 128, 128),
            Optional.of(new GeometryFactory().toGeometry(new Envelope(10, 11, 20, 21))),
            Optional.of(LocalDate.of(2019, 6, 30)),
            Optional.of(LocalDate.of(2021, 6, 30)),
            0.25,
            OptionalDouble.of(1234),
            Optional.of("{\"type\":\"MultiPolygon\",\"coordinates\":[]}"),
            List.of("a house", "one house"));

    private static final ChangeRecord PLACELESS = new ChangeRecord(
            "c",
            "c",
            "x.png",
            "y.png",
            new Window(0, 0, 64, 64),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            OptionalDouble.empty(),
            Optional.empty(),
            List.of());

    private static final SearchAnswer ANSWER = new SearchAnswer(
            List.of(new ScoredHit(1, PLACED, 0.5, 2), new ScoredHit(2, PLACELESS, -0.125, -1)),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            2);

    @TempDir
    private Path folder;

    @Test
    void geoJsonHasAFeatureForEachHit() {
        JsonNode document = new JsonMapper().readTree(HitGeoJson.of(ANSWER));

        assertThat(document.path("type").asString()).isEqualTo("FeatureCollection");
        JsonNode first = document.path("features").get(0);
        assertThat(first.path("id").asString()).isEqualTo("a@0,256");
        assertThat(first.path("geometry").path("type").asString()).isEqualTo("Polygon");
        assertThat(first.path("properties").path("score").asDouble()).isEqualTo(0.5);
        assertThat(first.path("properties").path("changed_area_m2").asDouble()).isEqualTo(1234);
        assertThat(first.path("properties").path("window").get(1).asInt()).isEqualTo(256);
        assertThat(first.path("properties").path("changes").path("type").asString())
                .isEqualTo("MultiPolygon");
        JsonNode second = document.path("features").get(1);
        assertThat(second.path("geometry").isNull()).isTrue();
        assertThat(second.path("properties").has("before_date")).isFalse();
    }

    @Test
    void commaSeparatedValuesAreACatalogueAgain() throws IOException, InterruptedException {
        Path table = Files.writeString(folder.resolve("hits.csv"), HitCsv.of(ANSWER));
        List<PairEntry> entries = new ArrayList<>();

        Catalogue.open(table).forEach(entries::add);

        assertThat(entries).extracting(PairEntry::id).containsExactly("a@0,256", "c");
        PairEntry first = entries.getFirst();
        assertThat(first.before()).isEqualTo("b \"1\".tif");
        assertThat(first.after()).isEqualTo("a,1.tif");
        assertThat(first.beforeDate()).contains("2019-06-30");
        assertThat(first.footprint().orElseThrow().getArea()).isEqualTo(1);
        assertThat(first.captions()).containsExactly("a house", "one house");
    }
}
