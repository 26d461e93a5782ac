package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// Whatever is wrong with what a person gives the program: exit code 2, one line, nothing left behind.
class BadInputTest {
    private static final int SIZE = 64;

    @TempDir
    private static Path shared;

    private static Path model;
    private static Path before;
    private static Path after;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeGoodInputs() throws IOException {
        model = Fixtures.randomModel(shared.resolve("random.safetensors"));
        before = Fixtures.tiff(shared.resolve("before.tif"), SIZE, SIZE, 3, 1);
        after = Fixtures.tiff(shared.resolve("after.tif"), SIZE, SIZE, 3, 2);
    }

    private Terminal.Answer detect(Path first, Path second, Path weights) {
        return Terminal.run("detect", first, second, "--out", folder.resolve("out"), "--model", weights, "--quiet");
    }

    private void assertRefused(Terminal.Answer answer, String... reasons) {
        assertThat(answer.code()).as("%s", answer).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err().lines()).hasSize(1);
        assertThat(answer.err()).startsWith("terrachange ").contains(reasons).doesNotContain("Exception");
        Path out = folder.resolve("out");
        assertThat(Files.isDirectory(out) ? out.toFile().list() : new String[0]).isEmpty();
    }

    @Test
    void picturesOfDifferentSizesThatSayNothingOfTheGroundAreRefused() throws IOException {
        Path plain = Fixtures.png(folder.resolve("plain.png"), SIZE, SIZE, 3);
        Path small = Fixtures.png(folder.resolve("small.png"), SIZE, SIZE / 2, 3);

        assertRefused(detect(plain, small, model), "differ in size", "64x64", "64x32", "neither");
    }

    @Test
    void aPictureOfAnotherSizeBesideAGeoreferencedImageIsRefused() throws IOException {
        Path small = Fixtures.png(folder.resolve("small.png"), SIZE, SIZE / 2, 3);

        assertRefused(detect(before, small, model), "differ in size", "only the earlier one says where on the ground");
    }

    @Test
    void bandsThatAnImageLacksAreRefused() {
        assertRefused(
                Terminal.run(
                        "detect",
                        before,
                        after,
                        "--out",
                        folder.resolve("out"),
                        "--model",
                        model,
                        "--quiet",
                        "--bands",
                        "8,4,3"),
                "before.tif",
                "no band 8",
                "3 (blue)");
    }

    @Test
    void anAreaOfInterestElsewhereIsRefused() throws IOException {
        Path area = Files.writeString(
                folder.resolve("area.geojson"), "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}");

        assertRefused(
                Terminal.run(
                        "detect",
                        before,
                        after,
                        "--out",
                        folder.resolve("out"),
                        "--model",
                        model,
                        "--quiet",
                        "--aoi",
                        area),
                "area.geojson");
    }

    @Test
    void aTruncatedPngIsRefused() throws IOException {
        Path whole = Fixtures.png(folder.resolve("whole.png"), SIZE, SIZE, 3);
        Path half = Fixtures.truncated(folder.resolve("half.png"), whole);

        assertRefused(detect(whole, half, model), "half.png");
    }

    @Test
    void aTruncatedTiffIsRefused() throws IOException {
        Path half = Fixtures.truncated(folder.resolve("half.tif"), after);

        assertRefused(detect(before, half, model), "half.tif");
    }

    @Test
    void aTextNamedTifIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.tif"), "These are only words.");

        assertRefused(detect(before, text, model), "notes.tif", "no known image format");
    }

    @Test
    void aMissingImageIsRefused() {
        assertRefused(detect(before, folder.resolve("none.tif"), model), "none.tif", "does not exist");
    }

    @Test
    void aFolderPassedAsAnImageIsRefused() {
        assertRefused(detect(before, folder, model), "is a folder");
    }

    @Test
    void anOutputFolderThatCannotBeMadeIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");

        assertRefused(
                Terminal.run("detect", before, after, "--out", file.resolve("out"), "--model", model, "--quiet"),
                file.toString());
        assertThat(file).hasContent("in the way");
    }

    @Test
    void aCheckpointOfAnotherNetworkIsRefused() throws IOException {
        Path other = Fixtures.otherNetwork(folder.resolve("other.safetensors"));

        assertRefused(detect(before, after, other), "other.safetensors", "conv1.weight");
    }

    @Test
    void aPickleThatCallsAFunctionIsRefusedAndNotRun() throws IOException {
        Path trace = folder.resolve("trace");
        Path hostile = Fixtures.hostilePickle(folder.resolve("hostile.pth"), trace);

        assertRefused(detect(before, after, hostile), "hostile.pth", "posix");
        assertThat(trace).doesNotExist();
    }

    @Test
    void anImagePassedAsACheckpointIsRefused() {
        assertRefused(detect(before, after, before), "before.tif");
    }

    @Test
    void anUnknownModelIsRefused() {
        assertRefused(detect(before, after, Path.of("terrachange-huge")), "no such model", "terrachange-lite");
    }

    @Test
    void aDeviceThatThisBuildLacksIsRefused() {
        assertRefused(
                Terminal.run("detect", before, after, "--out", folder.resolve("out"), "--device", "cuda"),
                "libraries for the processor alone",
                "--device cpu");
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        Path out = folder.resolve("out");
        assertRefused(
                Terminal.run("detect", before, after, "--out", out, "--threshold", "1.5"), "between 0 and 1", "1.5");
        assertRefused(Terminal.run("detect", before, after, "--out", out, "--tile", "100"), "multiple of 32", "100");
        assertRefused(Terminal.run("detect", before, after, "--out", out, "--overlap", "600"), "overlap", "600");
        assertRefused(Terminal.run("detect", before, after, "--out", out, "--format", "shp"), "shp", "geojson");
        assertRefused(Terminal.run("detect", before, after, "--out", out, "--precision", "fp8"), "fp8", "bf16");
        assertRefused(Terminal.run("detect", before, after, "--out", out, "--simplify", "far"), "far", "2m");
        assertRefused(Terminal.run("synthesize", "--out", out, "--size", "3"), "got 3x3");
        assertRefused(Terminal.run("evaluate", "--data", folder, "--protocol", "best"), "unknown protocol", "crops256");
    }

    @Test
    void metresMeanNothingWhereTheGroundIsUnknown() throws IOException {
        Path picture = Fixtures.png(folder.resolve("plain.png"), SIZE, SIZE, 1);
        Path out = folder.resolve("out");
        assertRefused(
                Terminal.run("detect", picture, picture, "--out", out, "--model", model, "--simplify", "2m", "--quiet"),
                "plain.png",
                "2.0 m",
                "1.5px");
        assertThat(out).doesNotExist();
    }

    @Test
    void aLackOfMemoryIsToldInWords() {
        StringWriter said = new StringWriter();
        CommandLine line = new CommandLine(new Greedy()).setErr(new PrintWriter(said, true));
        assertThat(Main.run(line)).isEqualTo(ExitCode.FAILURE);
        assertThat(said.toString())
                .contains("out of memory", "TERRACHANGE_JAVA_OPTS")
                .hasLineCount(1);
    }

    @CommandLine.Command(name = "greedy")
    private static final class Greedy implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void wordsThatCannotBeParsedAreRefused() {
        assertRefused(Terminal.run("detect", before, after, "--out", folder, "--tile", "wide"), "--tile", "wide");
        assertRefused(Terminal.run("detect", before), "--out");
        assertRefused(Terminal.run("models", "list", "--jason"), "--jason");
        assertRefused(Terminal.run("models"), "choose list, pull, show, verify, convert or prune");
    }

    @Test
    void anUnknownCommandIsRefused() {
        Terminal.Answer answer = Terminal.run("detekt");

        assertThat(answer.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(answer.err().lines()).hasSize(1);
        assertThat(answer.err()).contains("detekt");
    }

    @Test
    void aDatasetInAnotherLayoutIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("data/im1"));

        assertRefused(
                Terminal.run("evaluate", "--data", folder.resolve("data"), "--model", model),
                "expected {split}/{A,B,label}");
        assertRefused(
                Terminal.run(
                        "train",
                        "--data",
                        folder.resolve("data"),
                        "--val",
                        folder.resolve("data"),
                        "--out",
                        folder.resolve("out"),
                        "--quiet"),
                "expected {split}/{A,B,label}");
    }

    @ParameterizedTest
    @CsvSource({
        "train, --lr, 0, learning rate",
        "train, --warmup, 1, learning rate rises",
        "train, --gradient-limit, 0, gradients",
        "train, --min-gsd, 2, 2.0 to 1.0",
        "train, --swap, 1.5, from 0 to 1",
        "pretrain, --lr, 0, learning rate"
    })
    void numbersThatMakeNoTrainingAreRefusedBeforeItBegins(String command, String option, String value, String reason) {
        boolean labelled = command.equals("train");
        List<Object> words =
                new ArrayList<>(List.of(command, labelled ? "--data" : "--images", folder.resolve("data")));
        if (labelled) {
            words.addAll(List.of("--val", folder.resolve("data")));
        }
        words.addAll(List.of("--out", folder.resolve("out"), option, value));

        assertRefused(Terminal.run(words.toArray()), reason);
    }

    @Test
    void anOptionGivenTwiceIsRefusedAndDropsNoOthers() {
        assertRefused(
                Terminal.run(
                        "train",
                        "--data",
                        folder,
                        "--val",
                        folder,
                        "--out",
                        folder.resolve("out"),
                        "--crop",
                        "64",
                        "--lr",
                        "1e-3",
                        "--lr",
                        "1e-4"),
                "--lr",
                "more than once");
        assertRefused(
                Terminal.run("detect", before, after, "--out", folder.resolve("out"), "--tile", "64", "--tile", "96"),
                "--tile");
    }

    @Test
    void debugAddsWhereItHappened() {
        Terminal.Answer answer = Terminal.run("info", folder.resolve("none.tif"), "--debug");

        assertThat(answer.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(answer.err()).contains("\tat org.terrachange.");
    }
}
