package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.terrachange.cli.Terminal.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.transformer.TrainableLayers;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.model.SearchCard;
import org.terrachange.search.model.SearchModel;
import org.terrachange.search.model.SearchNetwork;
import org.terrachange.search.model.Vocabulary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An archive from files to an index to answers, through the commands.
class RetrievalArchiveTest {
    @TempDir
    private static Path shared;

    private static Path model;
    private static Path detector;
    private static Path archive;
    private static Path index;

    @TempDir
    private Path folder;

    @BeforeAll
    static void indexAnArchive() throws IOException {
        detector = Fixtures.randomModel(shared.resolve("detector.safetensors"));
        model = searchModel(shared.resolve("search.safetensors"), 7);
        archive = shared.resolve("archive");
        Files.createDirectories(archive.resolve("A"));
        Files.createDirectories(archive.resolve("B"));
        for (int i = 0; i < 3; i++) {
            Fixtures.png(archive.resolve("A/pair" + i + ".png"), 64, 64, i);
            Fixtures.png(archive.resolve("B/pair" + i + ".png"), 64, 64, 100 + i);
        }
        // One scene of 3 x 2 windows on the ground.
        Fixtures.tiff(archive.resolve("A/scene.tif"), 600, 300, 3, 50);
        Fixtures.tiff(archive.resolve("B/scene.tif"), 600, 300, 3, 51);
        index = shared.resolve("index");
        Terminal.Answer answer = index(archive, index);
        assertThat(answer.code()).as("%s", answer).isEqualTo(ExitCode.DONE);
    }

    private static Path searchModel(Path file, long seed) throws IOException {
        SearchArchitecture architecture = new SearchArchitecture.ResNetClip(
                ResNet.Depth.RESNET18,
                1,
                32,
                4,
                16,
                new ClipConfiguration.Text(77, ClipTokenizer.VOCABULARY, 16, 1, 1));
        try (Parameters parameters = new Parameters()) {
            new SearchNetwork(architecture, ChangeStrategy.CONCAT, new TrainableLayers(parameters));
            parameters.allocate(seed);
            SearchModel.write(
                    file,
                    parameters,
                    new SearchCard(
                            "tiny",
                            architecture,
                            ChangeStrategy.CONCAT,
                            ImageNormalization.IMAGENET,
                            OptionalDouble.empty(),
                            "none",
                            "free",
                            Optional.of(Vocabulary.of(List.of("many houses appear"))),
                            Map.of()));
        }
        return file;
    }

    private static Terminal.Answer index(Path from, Path to, Object... more) {
        return run(
                List.of(
                        "retrieval",
                        "index",
                        from,
                        "--index",
                        to,
                        "--model",
                        detector,
                        "--search-model",
                        model,
                        "--json",
                        "--quiet"),
                more);
    }

    private static Terminal.Answer search(Path in, Object... more) {
        return run(List.of("retrieval", "search", "--index", in, "--search-model", model, "--quiet"), more);
    }

    private static Terminal.Answer run(List<Object> words, Object... more) {
        List<Object> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return Terminal.run(all.toArray());
    }

    private static JsonNode json(Terminal.Answer answer) {
        assertThat(answer.code()).as("%s", answer).isEqualTo(ExitCode.DONE);
        return new JsonMapper().readTree(answer.out());
    }

    @Test
    void everyWindowOfEveryPairIsAnAnswer() {
        JsonNode answer = json(search(index, "a house appears", "--json", "--limit", 50));

        assertThat(answer.path("searched").asInt()).isEqualTo(9);
        assertThat(answer.path("hits")).hasSize(9);
        List<String> ids = new ArrayList<>();
        double before = 1;
        for (JsonNode hit : answer.path("hits")) {
            ids.add(hit.path("id").asString());
            assertThat(hit.path("score").asDouble()).isLessThanOrEqualTo(before);
            before = hit.path("score").asDouble();
            if (hit.path("source").asString().equals("scene")) {
                assertThat(hit.path("footprint").asString()).startsWith("POLYGON");
                assertThat(hit.path("changed_area_m2").isNumber()).isTrue();
            }
        }
        assertThat(ids)
                .containsExactlyInAnyOrder(
                        "pair0",
                        "pair1",
                        "pair2",
                        "scene@0,0",
                        "scene@256,0",
                        "scene@344,0",
                        "scene@0,44",
                        "scene@256,44",
                        "scene@344,44");
        assertThat(answer.path("background").path("deviation").asDouble()).isPositive();
    }

    @Test
    void aSecondRunFindsEverythingThereAndAChangedPairIsDoneAgain() throws IOException {
        Path copy = copyOfArchive();
        Path to = folder.resolve("index");
        assertThat(json(index(copy, to)).path("added").asInt()).isEqualTo(4);

        JsonNode second = json(index(copy, to));
        assertThat(second.path("added").asInt()).isZero();
        assertThat(second.path("present").asInt()).isEqualTo(4);

        Fixtures.png(copy.resolve("B/pair1.png"), 64, 64, 999);
        Files.setLastModifiedTime(copy.resolve("B/pair1.png"), FileTime.fromMillis(1_700_000_000_000L));
        Files.delete(copy.resolve("A/pair2.png"));
        Files.delete(copy.resolve("B/pair2.png"));
        JsonNode third = json(index(copy, to, "--prune"));
        assertThat(third.path("added").asInt()).isEqualTo(1);
        assertThat(third.path("removed").asInt()).isEqualTo(1);
        assertThat(json(search(to, "a house", "--json")).path("searched").asInt())
                .isEqualTo(8);
    }

    private Path copyOfArchive() throws IOException {
        Path copy = folder.resolve("archive");
        try (var files = Files.walk(archive)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(archive.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return copy;
    }

    @Test
    void aPairThatCannotBeReadIsReportedAndTheOthersAreIndexed() throws IOException {
        Path copy = copyOfArchive();
        Files.write(copy.resolve("B/pair0.png"), new byte[] {1, 2, 3});

        Terminal.Answer answer = run(List.of(
                "retrieval",
                "index",
                copy,
                "--index",
                folder.resolve("index"),
                "--model",
                detector,
                "--search-model",
                model));

        assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(answer.out()).contains("3 pairs added", "1 could not be read");
        assertThat(answer.err()).contains("left out pair0").doesNotContain("Exception");
        assertThat(json(search(folder.resolve("index"), "a house", "--json"))
                        .path("searched")
                        .asInt())
                .isEqualTo(8);
    }

    @Test
    void pairsOfOneNameInTwoArchivesAreNotTakenForOne() throws IOException {
        Path other = folder.resolve("other");
        Files.createDirectories(other.resolve("A"));
        Files.createDirectories(other.resolve("B"));
        Fixtures.png(other.resolve("A/pair0.png"), 64, 64, 7);
        Fixtures.png(other.resolve("B/pair0.png"), 64, 64, 8);
        Fixtures.png(other.resolve("A/only.png"), 64, 64, 9);
        Fixtures.png(other.resolve("B/only.png"), 64, 64, 10);
        Path to = folder.resolve("index");

        Terminal.Answer answer = run(List.of(
                "retrieval", "index", archive, other, "--index", to, "--model", detector, "--search-model", model));

        assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(answer.out()).contains("5 pairs added", "1 could not be read");
        assertThat(answer.err()).contains("left out pair0", "index a folder above both");
        JsonNode found = json(search(to, "a house", "--json", "--limit", 50));
        assertThat(found.path("hits")).hasSize(10);
        for (JsonNode hit : found.path("hits")) {
            if (hit.path("source").asString().equals("pair0")) {
                assertThat(hit.path("before").asString())
                        .isEqualTo(archive.resolve("A/pair0.png").toString());
            }
        }
    }

    @Test
    void aPairThatTheIndexNeedNotHaveFindsItsLike() {
        Path before = archive.resolve("A/pair1.png");
        Path after = archive.resolve("B/pair1.png");
        JsonNode answer = json(search(index, "--like-pair", before, after, "--json", "--limit", 1));

        assertThat(answer.path("hits").get(0).path("id").asString()).isEqualTo("pair1");
        assertThat(answer.path("hits").get(0).path("score").asDouble()).isGreaterThan(0.99);
        assertRefused(search(index, "--like-pair", before, folder.resolve("none.png")), "none.png");
        assertThat(search(index, "--like-pair", before, after, "--like", "pair1")
                        .code())
                .isEqualTo(ExitCode.BAD_INPUT);
    }

    @Test
    void wordsThatTheModelHasNeverMetAreNamed() {
        assertThat(json(search(index, "many houses", "--json")).path("unknown_words"))
                .isEmpty();

        JsonNode answer = json(search(index, "Many VOLCANOES, many houses", "--not", "glaciers", "--json"));
        assertThat(answer.path("unknown_words").values())
                .extracting(JsonNode::asString)
                .containsExactly("volcanoes", "glaciers");
        assertThat(run(List.of("retrieval", "search", "--index", index, "--search-model", model, "a volcano"))
                        .err())
                .contains("the model has never met a, volcano");
    }

    @Test
    void anExampleFindsItsLikeAndNotItself() {
        JsonNode answer = json(search(index, "--like", "scene@0,0", "--json", "--limit", 3));

        assertThat(answer.path("hits")).hasSize(3);
        for (JsonNode hit : answer.path("hits")) {
            assertThat(hit.path("id").asString()).isNotEqualTo("scene@0,0");
        }
    }

    @Test
    void aBoxAndALeastChangeKeepOthersOut() {
        JsonNode placed = json(search(index, "a house", "--json", "--bbox", "-180,-90,180,90"));
        for (JsonNode hit : placed.path("hits")) {
            assertThat(hit.path("source").asString()).isEqualTo("scene");
        }
        assertThat(placed.path("hits")).hasSize(6);
        assertThat(json(search(index, "a house", "--json", "--bbox", "100,50,101,51"))
                        .path("hits"))
                .isEmpty();
        for (JsonNode hit :
                json(search(index, "a house", "--json", "--min-change", "0.5")).path("hits")) {
            assertThat(hit.path("changed_fraction").asDouble()).isGreaterThanOrEqualTo(0.5);
        }
    }

    @Test
    void answersComeInEveryForm() {
        assertThat(search(index, "a house", "--format", "csv").out()).startsWith("rank,score,deviations,id");
        assertThat(new JsonMapper()
                        .readTree(
                                search(index, "a house", "--format", "geojson").out())
                        .path("features"))
                .hasSize(9);
        assertThat(search(index, "a house", "--limit", 2).out()).contains("best of 9 changes", "  2 ");
    }

    @Test
    void theCentreOfAPairOnTheDateLineLiesThere() throws IOException {
        Path table = Files.writeString(
                folder.resolve("pairs.csv"),
                "id,before,after,west,south,east,north\nislands,%s,%s,179.5,-17,-179.75,-16\n"
                        .formatted(archive.resolve("A/pair0.png"), archive.resolve("B/pair0.png")));
        Path to = folder.resolve("index");
        assertThat(json(index(table, to)).path("added").asInt()).isEqualTo(1);
        Path sheet = folder.resolve("sheet");

        assertThat(search(to, "a house", "--out", sheet).out()).contains("islands  179.87500,-16.50000");
        assertThat(sheet.resolve("contact-sheet.html")).content().contains("179.87500, -16.50000");
        assertThat(json(search(to, "a house", "--json", "--bbox", "-10,-20,10,0"))
                        .path("hits"))
                .isEmpty();
    }

    @Test
    void theContactSheetStandsAlone() throws IOException {
        Path out = folder.resolve("sheet");

        assertThat(search(index, "houses <b> appear", "--limit", 2, "--out", out)
                        .code())
                .isEqualTo(ExitCode.DONE);

        String page = Files.readString(out.resolve("contact-sheet.html"));
        assertThat(page)
                .contains("houses &lt;b&gt; appear", "data:image/png;base64,")
                .doesNotContain("<b>");
        for (String picture : List.of("before", "after", "change", "relevance")) {
            assertThat(out.resolve("02-" + picture + ".png")).isNotEmptyFile();
        }
    }

    @Test
    void anIndexOfAnotherModelIsRefused() throws IOException {
        Path other = searchModel(folder.resolve("other.safetensors"), 8);

        assertRefused(
                run(List.of("retrieval", "search", "a house", "--index", index, "--search-model", other, "--quiet")),
                "tiny");
    }

    @Test
    void whatIsNoIndexIsRefused() throws IOException {
        assertRefused(search(folder.resolve("absent"), "a house"), "absent");
        assertRefused(search(index, "--like", "nobody"), "nobody");
        assertRefused(search(index), "a text or an example");
        assertRefused(search(index, "x", "--bbox", "1,2,3"), "four numbers");
        assertRefused(search(index, "x", "--from", "30.6.2019"), "2019-06-30");
        assertRefused(search(index, "x", "--format", "xml"), "table, json, geojson or csv");
        assertRefused(index(folder.resolve("nothing"), folder.resolve("index")), "does not exist");
    }
}
