package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.terrachange.cli.Terminal.assertRefused;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.hub.ModelHub;
import org.terrachange.hub.ModelStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// From a published layout to a scored model, through the commands.
class RetrievalCommandsTest {
    private static final int PAIRS = 6;

    @TempDir
    private static Path shared;

    private static Path levir;
    private static Path hdf5;
    private static Path encoder;
    private static Path model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepareAndTrain() throws IOException {
        levir = levirCc(shared.resolve("levir-cc"));
        hdf5 = shared.resolve("hdf5");
        encoder = Fixtures.randomModel(shared.resolve("encoder.safetensors"));
        Terminal.Answer prepared = prepare(levir, hdf5);
        assertThat(prepared.code()).as("%s", prepared).isEqualTo(ExitCode.DONE);
        Terminal.Answer trained = train(hdf5, shared.resolve("run"));
        assertThat(trained.code()).as("%s", trained).isEqualTo(ExitCode.DONE);
        model = shared.resolve("run/clip_concat_best.safetensors");
    }

    /// LEVIR-CC's layout, a few pairs of noise in each split.
    private static Path levirCc(Path root) throws IOException {
        StringBuilder entries = new StringBuilder();
        for (String split : new String[] {"train", "val"}) {
            for (int i = 0; i < PAIRS; i++) {
                String name = split + i + ".png";
                for (String date : new String[] {"A", "B"}) {
                    Path images = Files.createDirectories(
                            root.resolve("images").resolve(split).resolve(date));
                    Fixtures.png(images.resolve(name), 32, 32, i + date.hashCode());
                }
                boolean changed = i % 2 == 0;
                entries.append(entries.isEmpty() ? "" : ",")
                        .append("{\"filepath\": \"%s\", \"filename\": \"%s\", \"split\": \"%s\", \"changeflag\": %d, "
                                .formatted(split, name, split, changed ? 1 : 0))
                        .append("\"sentences\": [{\"raw\": \"%s\"}, {\"raw\": \"%s\"}]}"
                                .formatted(
                                        changed ? "house " + i + " appears on the left" : "no change",
                                        changed ? "a house " + i + " is built" : "the same as before"));
            }
        }
        Files.writeString(root.resolve("LevirCCcaptions.json"), "{\"images\": [" + entries + "]}");
        return root;
    }

    private static Terminal.Answer prepare(Path root, Path out) {
        return Terminal.run(
                "retrieval",
                "prepare",
                "--dataset",
                "levir-cc",
                "--root",
                root,
                "--split",
                "train,val",
                "--size",
                32,
                "--out",
                out,
                "--quiet");
    }

    /// @param more options with their values, which take the place of those here
    private static Terminal.Answer train(Path data, Path out, Object... more) {
        Object[] words = {
            "retrieval",
            "train",
            "--hdf5-dir",
            data,
            "--encoder",
            encoder,
            "--encoder-depth",
            "resnet18",
            "--encoder-stages",
            1,
            "--image-size",
            32,
            "--embed-dim",
            16,
            "--text-width",
            64,
            "--text-layers",
            1,
            "--strategy",
            "concat",
            "--batch-size",
            6,
            "--epochs",
            2,
            "--lr",
            "1e-3",
            "--output-dir",
            out,
            "--json",
            "--quiet"
        };
        List<Object> all = new ArrayList<>(List.of(words));
        for (int i = 0; i < more.length; i += 2) {
            int there = all.indexOf(more[i]);
            if (there >= 0) {
                all.set(there + 1, more[i + 1]);
            } else {
                all.addAll(List.of(more[i], more[i + 1]));
            }
        }
        return Terminal.run(all.toArray());
    }

    @Test
    void evaluationPrintsTheContractedKeys() {
        Terminal.Answer answer = Terminal.run(
                "retrieval",
                "evaluate",
                "--checkpoint",
                model,
                "--hdf5-dir",
                hdf5,
                "--split",
                "val",
                "--strategy",
                "concat",
                "--json");

        assertThat(answer.code()).as("%s", answer).isEqualTo(ExitCode.DONE);
        JsonNode scores = new JsonMapper().readTree(answer.out());
        assertThat(scores.path("gallery").asInt()).isEqualTo(PAIRS);
        assertThat(scores.path("queries").asInt()).isEqualTo(2 * PAIRS);
        assertThat(scores.path("r1").isNumber()).isTrue();
        assertThat(scores.path("r5").isNumber()).isTrue();
        assertThat(scores.path("r10").asDouble()).isEqualTo(1);
        assertThat(scores.path("mrr").asDouble()).isBetween(1.0 / PAIRS, 1.0);
        assertThat(scores.path("random_r1").asDouble()).isBetween(0.16, 0.17);
        assertThat(scores.path("equivalent_r1").asDouble())
                .isGreaterThanOrEqualTo(scores.path("r1").asDouble());
        assertThat(scores.path("r1_interval")).hasSize(2);
        assertThat(scores.path("change_to_text").path("gallery").asInt()).isEqualTo(2 * PAIRS);
        assertThat(scores.path("changed_text_to_changed").path("gallery").asInt())
                .isEqualTo(PAIRS / 2);
    }

    @Test
    void scoresAreTheSameEveryTime() {
        Object[] words = {"retrieval", "evaluate", "--checkpoint", model, "--hdf5-dir", hdf5, "--split", "val", "--json"
        };

        assertThat(Terminal.run(words).out())
                .isEqualTo(Terminal.run(words).out())
                .isNotEmpty();
    }

    @Test
    void aStrategyThatIsNotTheModelsIsRefused() {
        assertRefused(
                Terminal.run(
                        "retrieval",
                        "evaluate",
                        "--checkpoint",
                        model,
                        "--hdf5-dir",
                        hdf5,
                        "--split",
                        "val",
                        "--strategy",
                        "fst",
                        "--quiet"),
                "clip_concat_best.safetensors",
                "holds the change encoder concat, not fst");
    }

    @Test
    void aDetectorInPlaceOfASearchModelIsRefused() {
        assertRefused(
                Terminal.run(
                        "retrieval",
                        "evaluate",
                        "--checkpoint",
                        encoder,
                        "--hdf5-dir",
                        hdf5,
                        "--split",
                        "val",
                        "--quiet"),
                "encoder.safetensors",
                "not a TerraChange search model");
    }

    @Test
    void captionsOfAnotherSplitAreRefused() throws IOException {
        Path mixed = copies();
        Files.copy(
                hdf5.resolve("levir-cc_val_captions.json"),
                mixed.resolve("levir-cc_train_captions.json"),
                StandardCopyOption.REPLACE_EXISTING);

        assertRefused(train(mixed, folder.resolve("out")), "levir-cc_train", "val");
    }

    @Test
    void aTruncatedHdf5FileIsRefused() throws IOException {
        Path cut = copies();
        Path file = cut.resolve("levir-cc_train.h5");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }

        assertRefused(train(cut, folder.resolve("out")), "levir-cc_train.h5");
    }

    @Test
    void aMissingImageIsRefusedAndNothingIsLeft() throws IOException {
        Path root = levirCc(folder.resolve("levir-cc"));
        Files.delete(root.resolve("images/train/B/train3.png"));

        assertRefused(prepare(root, folder.resolve("out")), "train3.png", "missing");
        assertThat(folder.resolve("out"))
                .satisfiesAnyOf(
                        out -> assertThat(out).doesNotExist(),
                        out -> assertThat(out).isEmptyDirectory());
    }

    @Test
    void anEmptySentenceIsRefused() throws IOException {
        Path root = levirCc(folder.resolve("levir-cc"));
        Path captions = root.resolve("LevirCCcaptions.json");
        Files.writeString(captions, Files.readString(captions).replaceFirst("a house 2 is built", " "));

        assertRefused(prepare(root, folder.resolve("out")), "LevirCCcaptions.json", "empty sentence", "train2.png");
    }

    @Test
    void aBatchLargerThanTheDataIsRefused() {
        assertRefused(
                train(hdf5, folder.resolve("out"), "--batch-size", 12),
                "holds 6 training pairs, fewer than a batch of 12");
    }

    @Test
    void sizesAndRatesThatNoRunTakesAreBadUsage() {
        String[][] wrong = {
            {"--encoder-stages", "5", "1 to 4 stages"},
            {"--grid", "0", "at least one cell"},
            {"--embed-dim", "250", "multiple of 4"},
            {"--lr", "0", "learning rate must be above 0"},
            {"--warmup", "1", "0 to below 1"},
            {"--colour", "-1", "0 to 1"},
            {"--colourings", "-1", "at least 0"},
            {"--paraphrase", "2", "0 to 1"},
            {"--average-decay", "1", "below 1"},
            {"--weight-decay", "-1", "at least 0"},
            {"--window-metres", "0", "above 0 metres"}
        };
        for (String[] option : wrong) {
            assertRefused(train(hdf5, folder.resolve("out"), option[0], option[1]), option[1], option[2], "--help");
        }
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aPairThatIsListedTwiceIsRefused() throws IOException {
        for (String date : new String[] {"A", "B", "label"}) {
            Fixtures.png(Files.createDirectories(folder.resolve(date)).resolve("one.png"), 32, 32, date.hashCode());
        }
        Files.writeString(Files.createDirectories(folder.resolve("list")).resolve("train.txt"), "one.png\none.png\n");

        assertRefused(
                Terminal.run(
                        "retrieval",
                        "prepare",
                        "--dataset",
                        "levir-cd",
                        "--root",
                        folder,
                        "--split",
                        "train",
                        "--out",
                        folder.resolve("out"),
                        "--quiet"),
                folder.toString(),
                "names the pair \"one\" twice");
    }

    @Test
    void keptTrunksNeedAFrozenTrunk() {
        assertRefused(
                train(hdf5, folder.resolve("out"), "--trunk-cache", folder.resolve("trunks")), "whole trunk is frozen");
    }

    @Test
    void remoteClipIsAModelOfTheRegistry() throws IOException {
        ModelHub hub = ModelHub.ofInstallation();
        assumeThat(hub.status(hub.named("remoteclip-vit-b32"))).isInstanceOf(ModelStatus.Absent.class);

        assertRefused(
                Terminal.run(
                        "retrieval",
                        "train",
                        "--hdf5-dir",
                        hdf5,
                        "--use-remote-clip",
                        "--offline",
                        "--output-dir",
                        folder.resolve("out"),
                        "--quiet"),
                "remoteclip-vit-b32: is not on this machine");
    }

    /// The prepared files in a folder of their own.
    private Path copies() throws IOException {
        Path to = Files.createDirectories(folder.resolve("copies"));
        try (var files = Files.list(hdf5)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
        return to;
    }
}
