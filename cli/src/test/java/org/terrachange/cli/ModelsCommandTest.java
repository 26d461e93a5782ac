package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.hub.digest.Sha256;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Processes of the real program with a registry, a mirror and a cache of their own.
class ModelsCommandTest {
    @TempDir
    private Path folder;

    private Path mirror;
    private Path home;
    private Path weights;

    @BeforeEach
    void writeRegistry() throws IOException {
        mirror = Files.createDirectories(folder.resolve("mirror"));
        home = folder.resolve("home");
        weights = Fixtures.randomModel(mirror.resolve("mine.safetensors"));
        Files.writeString(folder.resolve("registry.json"), """
                {"models": [
                  {"name": "mine", "file": "mine.safetensors", "urls": ["https://models.invalid/mine.safetensors"],
                   "bytes": %d, "sha256": "%s", "task": "change-detection", "layout": "terrachange-lite",
                   "normalization": "RGB / 255", "licence": "mine", "description": "A network of chance."}]}
                """.formatted(Files.size(weights), Sha256.of(weights)));
    }

    private Terminal.Answer run(Map<String, String> environment, Object... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        for (Object word : words) {
            command.add(word.toString());
        }
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.toUpperCase().endsWith("_PROXY"));
        builder.environment().put("TERRACHANGE_HOME", home.toString());
        builder.environment()
                .put("TERRACHANGE_REGISTRY", folder.resolve("registry.json").toString());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Terminal.Answer(code, Files.readString(out), Files.readString(err));
    }

    private Map<String, String> withMirror() {
        return Map.of("TERRACHANGE_MIRROR", mirror.toString());
    }

    private static JsonNode json(Terminal.Answer answer) {
        assertThat(answer.code()).as(answer.err()).isEqualTo(ExitCode.DONE);
        return JsonMapper.shared().readTree(answer.out());
    }

    @Test
    void aNamedModelIsFetchedWhenACommandNeedsIt() throws Exception {
        Path before = Fixtures.tiff(folder.resolve("before.tif"), 64, 64, 3, 1);
        Path after = Fixtures.tiff(folder.resolve("after.tif"), 64, 64, 3, 2);

        json(run(withMirror(), "detect", before, after, "--out", folder.resolve("map"), "--model", "mine", "--json"));

        assertThat(folder.resolve("map/mask.tif")).exists();
        assertThat(home.resolve("models/sha256")
                        .resolve(Sha256.of(weights).hex())
                        .resolve("mine.safetensors"))
                .hasSameBinaryContentAs(weights);
    }

    @Test
    void aPulledModelIsListedShownAndVerified() throws Exception {
        JsonNode pulled = json(run(withMirror(), "models", "pull", "mine", "--json"))
                .get("models")
                .get(0);
        assertThat(pulled.get("downloaded").asBoolean()).isTrue();
        Path file = Path.of(pulled.get("file").asString());
        assertThat(file).hasSameBinaryContentAs(weights);

        JsonNode shown = json(run(Map.of(), "models", "show", "mine", "--json"));
        assertThat(shown.get("card").get("layout").asString()).isEqualTo("terrachange-lite");
        assertThat(shown.get("registered").get("installed").asBoolean()).isTrue();

        // The longest label still stands apart from its value.
        assertThat(run(Map.of(), "models", "show", "mine").out().lines())
                .allMatch(line -> line.matches("\\S+ {2,}\\S.*"))
                .anyMatch(line -> line.startsWith("layout "));

        byte[] damaged = Files.readAllBytes(file);
        damaged[damaged.length - 1] ^= 1;
        Files.write(file, damaged);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        Terminal.Answer verified = run(Map.of(), "models", "verify", "mine");
        assertThat(verified.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(verified.out()).contains("damaged");
        assertThat(verified.err()).contains("terrachange models pull mine");
    }

    @Test
    void withoutANetworkTheWayOutIsTold() throws Exception {
        Terminal.Answer offline = run(Map.of("TERRACHANGE_OFFLINE", "1"), "models", "pull", "mine");
        assertThat(offline.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(offline.err())
                .startsWith("terrachange models pull: mine: is not on this machine, and downloads are switched off")
                .contains(home.resolve("models/mine.safetensors").toString())
                .hasLineCount(1);

        Terminal.Answer failed = run(Map.of(), "models", "pull", "mine");
        assertThat(failed.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(failed.err())
                .contains("its host models.invalid is not known here")
                .hasLineCount(1);
    }

    @Test
    void whatNoModelNeedsIsPruned() throws Exception {
        Path stranger = Files.createDirectories(home.resolve("models/sha256/" + "0".repeat(64)));
        Files.write(stranger.resolve("old.pth"), new byte[2000]);

        JsonNode planned = json(run(Map.of(), "models", "prune", "--dry-run", "--json"));
        assertThat(planned.get("bytes").asLong()).isEqualTo(2000);
        assertThat(stranger).exists();
        assertThat(run(Map.of(), "models", "prune").out())
                .contains("the file of no known model, 2 kB")
                .contains("deleted 2 kB");
        assertThat(stranger).doesNotExist();
    }
}
