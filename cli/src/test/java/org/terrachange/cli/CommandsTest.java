package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each command on good input, from its words to its results.
class CommandsTest {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 80;

    @TempDir
    private static Path shared;

    private static Path model;
    private static Path before;
    private static Path after;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeInputs() throws IOException {
        model = Fixtures.randomModel(shared.resolve("random.safetensors"));
        before = Fixtures.tiff(shared.resolve("before.tif"), WIDTH, HEIGHT, 3, 1);
        after = Fixtures.tiff(shared.resolve("after.tif"), WIDTH, HEIGHT, 3, 2);
    }

    /// The one JSON document on standard output.
    private static JsonNode json(Terminal.Answer answer) {
        assertThat(answer.code()).as("%s", answer).isEqualTo(ExitCode.DONE);
        return JsonMapper.shared().readTree(answer.out());
    }

    private static List<String> keys(JsonNode node) {
        return List.copyOf(node.propertyNames());
    }

    @Test
    void detectWritesEveryProductAndSaysTheSameInTheDocumentAndTheSummary() throws IOException {
        Path out = folder.resolve("new/out");
        JsonNode document = json(Terminal.run(
                "detect", before, after, "--out", out, "--model", model, "--format", "geojson,gpkg", "--json"));

        assertThat(out.toFile().list())
                .containsExactlyInAnyOrder(
                        "probability.tif",
                        "mask.tif",
                        "changes.geojson",
                        "changes.gpkg",
                        "overlay.png",
                        "overlay.pgw",
                        "report.html",
                        "summary.json");
        assertThat(document).isEqualTo(JsonMapper.shared().readTree(Files.readString(out.resolve("summary.json"))));
        assertThat(document.get("width").asInt()).isEqualTo(WIDTH);
        assertThat(document.get("crs").asString()).isEqualTo("EPSG:32633");
        assertThat(document.get("model").asString()).isEqualTo("random");
        assertThat(document.get("threshold").asDouble()).isEqualTo(0.5);
    }

    @Test
    void detectTellsPeopleTheHeadlinesAndWhereTheFilesAre() {
        Path out = folder.resolve("out");
        Terminal.Answer answer =
                Terminal.run("detect", before, after, "--out", out, "--model", model, "--threshold", "0.3");

        assertThat(answer.code()).isEqualTo(ExitCode.DONE);
        assertThat(answer.out())
                .contains(
                        "% of 7,680 pixels",
                        "threshold 0.30", out.resolve("report.html").toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void imagesOfOneAndFourBandsAreComparedByTheirColours(int bands) throws IOException {
        Path first = Fixtures.tiff(folder.resolve("first.tif"), WIDTH, HEIGHT, bands, 3);
        Path second = Fixtures.tiff(folder.resolve("second.tif"), WIDTH, HEIGHT, bands, 4);

        JsonNode document =
                json(Terminal.run("detect", first, second, "--out", folder, "--model", model, "--json", "--quiet"));

        // A fourth band is opacity, and noise is 0 there now and then.
        assertThat(document.get("validPixels").asLong()).isBetween(WIDTH * HEIGHT * 98L / 100, (long) WIDTH * HEIGHT);
    }

    @Test
    void anImageWithAPaletteIsComparedByItsColours() throws IOException {
        Path palette = Fixtures.mask(folder.resolve("palette.tif"), WIDTH, HEIGHT);

        JsonNode document =
                json(Terminal.run("detect", before, palette, "--out", folder, "--model", model, "--json", "--quiet"));

        assertThat(document.get("validPixels").asLong()).isEqualTo(WIDTH * HEIGHT);
    }

    @Test
    void anImageOfOnePixelIsDetectedWithoutAFuss() throws IOException {
        Path first = Fixtures.png(folder.resolve("first.png"), 1, 1, 3);
        Path second = Fixtures.png(folder.resolve("second.png"), 1, 1, 4);

        JsonNode document =
                json(Terminal.run("detect", first, second, "--out", folder, "--model", model, "--json", "--quiet"));

        assertThat(document.get("validPixels").asLong()).isEqualTo(1);
    }

    @Test
    void infoDescribesAnImage() {
        JsonNode info = json(Terminal.run("info", before, "--stats", "--json"));

        assertThat(info.get("reader").asString()).isEqualTo("TerraChange");
        assertThat(info.get("width").asInt()).isEqualTo(WIDTH);
        assertThat(info.get("height").asInt()).isEqualTo(HEIGHT);
        assertThat(info.get("bands").asInt()).isEqualTo(3);
        assertThat(info.get("dtype").asString()).isEqualTo("uint8");
        assertThat(info.get("crs").asString()).isEqualTo("EPSG:32633");
        assertThat(info.get("affine").values().stream().map(JsonNode::asDouble))
                .containsExactly(0.5, 0.0, 500_000.0, 0.0, -0.5, 5_600_000.0);
        assertThat(info.get("nodata").isNull()).isTrue();
        assertThat(info.get("compression").asString()).isEqualTo("DEFLATE");
        assertThat(info.get("layout").asString()).isEqualTo("tile");
        assertThat(info.get("overviews").isInt()).isTrue();
        assertThat(info.get("stats").values()).hasSize(3).allSatisfy(band -> {
            assertThat(band.get("min").asDouble()).isLessThan(5);
            assertThat(band.get("max").asDouble()).isGreaterThan(250);
            assertThat(band.get("mean").asDouble()).isBetween(120.0, 135.0);
        });
    }

    @Test
    void infoReadsNoPixelsUnlessAsked() throws IOException {
        Path half = Fixtures.truncated(folder.resolve("half.tif"), before);

        assertThat(Terminal.run("info", half, "--stats").code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(json(Terminal.run("info", before, "--json")).get("stats").isNull())
                .isTrue();
    }

    @Test
    void evaluatePoolsTheScoresOfADataset() throws IOException {
        Path data = Fixtures.dataset(folder.resolve("data"), "test", 2, 64);
        JsonNode scores = json(Terminal.run(
                "evaluate", "--data", data, "--model", model, "--protocol", "whole", "--threshold", "0.5", "--json"));

        assertThat(keys(scores))
                .startsWith("precision", "recall", "f1", "iou", "accuracy", "kappa", "threshold", "pairs", "pixels");
        assertThat(scores.get("pairs").asInt()).isEqualTo(2);
        assertThat(scores.get("pixels").asLong()).isEqualTo(2 * 64 * 64);
        double f1 = scores.get("f1").asDouble();
        assertThat(scores.get("iou").asDouble()).isCloseTo(f1 / (2 - f1), offset(1e-9));
    }

    @Test
    void trainLeavesWeightsThatDetectTakes() throws IOException {
        Path data = Fixtures.dataset(folder.resolve("data"), "train", 2, 64);
        Fixtures.dataset(data, "val", 1, 64);
        Path out = folder.resolve("run");
        JsonNode trained = json(Terminal.run(
                "train",
                "--data",
                data,
                "--val",
                data + ":val",
                "--out",
                out,
                "--crop",
                32,
                "--batch",
                2,
                "--samples",
                4,
                "--epoch-samples",
                2,
                "--precision",
                "fp32",
                "--name",
                "mine",
                "--json"));

        assertThat(trained.get("name").asString()).isEqualTo("mine");
        assertThat(trained.get("steps").asInt()).isEqualTo(2);
        JsonNode detected = json(Terminal.run(
                "detect",
                before,
                after,
                "--out",
                folder.resolve("out"),
                "--model",
                trained.get("best").asString(),
                "--json"));
        assertThat(detected.get("model").asString()).isEqualTo("mine");
    }

    @Test
    void aPretrainedEncoderPassesItsNormalisationOnToTheDetector() throws IOException {
        Path data = Fixtures.dataset(folder.resolve("data"), "train", 3, 64);
        Fixtures.dataset(data, "val", 1, 64);
        String[] small = "--samples 4 --epoch-samples 4 --batch 2 --precision fp32 --json".split(" ");
        JsonNode pretrained = json(Terminal.run(arguments(
                small,
                "pretrain",
                "--images",
                data.resolve("train"),
                "--encoder",
                "resnet18",
                "--size",
                32,
                "--window",
                48,
                "--out",
                folder.resolve("encoder"))));
        String encoder = pretrained.get("encoder").asString();
        Object[] train = {"train", "--data", data, "--val", data, "--encoder", encoder, "--freeze", "--crop", 32};
        Path out = folder.resolve("run");

        Terminal.Answer other = Terminal.run(arguments(small, train, "--out", out, "--normalization", "none"));
        assertThat(other.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(other.err()).contains("another normalisation");
        JsonNode trained = json(Terminal.run(arguments(small, train, "--out", out)));
        JsonNode card = json(Terminal.run("models", "show", trained.get("best").asString(), "--json"))
                .get("card");
        assertThat(card.get("mean").asString()).isEqualTo("0.485,0.456,0.406");
        assertThat(card.get("temperature").asDouble()).isPositive();
        assertThat(out.resolve("reliability.png")).isNotEmptyFile();
    }

    /// Words from lists and single ones, in order.
    private static Object[] arguments(String[] last, Object... first) {
        return Stream.concat(
                        Arrays.stream(first)
                                .flatMap(word ->
                                        word instanceof Object[] words ? Arrays.stream(words) : Stream.of(word)),
                        Arrays.stream(last))
                .toArray();
    }

    @Test
    void theBaselineIsScoredAtAThresholdChosenBefore() throws IOException {
        Path data = Fixtures.dataset(folder.resolve("data"), "val", 2, 64);
        Object[] evaluate = {"evaluate", "--data", data, "--split", "val", "--baseline", "pixel-difference", "--json"};

        assertThat(Terminal.run(evaluate).err()).contains("--choose-threshold");
        Path plot = folder.resolve("plot.png");
        JsonNode chosen =
                json(Terminal.run(arguments(new String[] {"--choose-threshold"}, evaluate, "--reliability", plot)));
        assertThat(chosen.get("model").asString()).isEqualTo("pixel-difference");
        assertThat(plot).isNotEmptyFile();
        String threshold = chosen.get("threshold").asString();
        JsonNode again = json(Terminal.run(arguments(new String[] {"--threshold", threshold}, evaluate)));
        assertThat(again.get("f1").asDouble()).isEqualTo(chosen.get("f1").asDouble());
    }

    @Test
    void aSyntheticPairCanBeDetectedAtOnce() {
        json(Terminal.run("synthesize", "--out", folder, "--seed", 4, "--size", 64, "--style", "rural", "--json"));

        assertThat(folder.resolve("mask.tif")).exists();
        json(Terminal.run(
                "detect",
                folder.resolve("before.tif"),
                folder.resolve("after.tif"),
                "--out",
                folder.resolve("out"),
                "--model",
                model,
                "--json"));
    }

    @Test
    void modelsListNamesTheDefaultFirst() {
        JsonNode listing = json(Terminal.run("models", "list", "--json"));

        assertThat(listing.get("models").get(0).get("name").asString()).isEqualTo("terrachange-lite");
    }

    @Test
    void modelsShowPrintsTheCardOfACheckpoint() {
        JsonNode shown = json(Terminal.run("models", "show", model, "--json"));

        assertThat(shown.get("card").get("layout").asString()).isEqualTo("terrachange-lite");
        assertThat(shown.get("card").get("threshold").asString()).isEqualTo("0.5");
    }

    @Test
    void modelsConvertHalvesTheFileAndKeepsWhatItSays() throws IOException {
        Path half = folder.resolve("half.safetensors");
        json(Terminal.run("models", "convert", model, half, "--numbers", "f16", "--card", "licence=mine", "--json"));

        assertThat(Files.size(half)).isLessThan(Files.size(model) * 6 / 10);
        JsonNode card = json(Terminal.run("models", "show", half, "--json")).get("card");
        assertThat(card.get("name").asString()).isEqualTo("random");
        assertThat(card.get("licence").asString()).isEqualTo("mine");
        assertThat(Terminal.run("models", "convert", model, half, "--numbers", "f8")
                        .err())
                .contains("choose f32 or f16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "detect",
                "pretrain",
                "train",
                "evaluate",
                "info",
                "models",
                "models list",
                "models pull",
                "models show",
                "models verify",
                "models convert",
                "models prune",
                "synthesize",
                "demo"
            })
    void everyCommandExplainsItself(String command) {
        Terminal.Answer answer = Terminal.run((Object[]) (command + " --help").split(" "));

        assertThat(answer.code()).isEqualTo(ExitCode.DONE);
        assertThat(answer.out()).startsWith("Usage: terrachange " + command).contains("--help");
        assertThat(answer.err()).isEmpty();
    }
}
