package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A process of the real program that is told to stop while it works.
@DisabledOnOs(OS.WINDOWS)
class InterruptionTest {
    private static final int SIZE = 2048;
    /// What a shell reports for a process that a polite kill ended.
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void aDetectionThatIsStoppedLeavesNoFile() throws Exception {
        Path model = Fixtures.randomModel(folder.resolve("random.safetensors"));
        Path before = Fixtures.tiff(folder.resolve("before.tif"), SIZE, SIZE, 3, 1);
        Path after = Fixtures.tiff(folder.resolve("after.tif"), SIZE, SIZE, 3, 2);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err.txt");
        // Tiles this small keep it busy for minutes.
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "detect",
                        before.toString(),
                        after.toString(),
                        "--out",
                        out.toString(),
                        "--model",
                        model.toString(),
                        "--tile",
                        "32",
                        "--overlap",
                        "16",
                        "--quiet")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        try {
            while (process.isAlive() && listed(out).isEmpty()) {
                Thread.sleep(20);
            }
            assertThat(listed(out)).as("unfinished files while it works").isNotEmpty();

            process.destroy();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
            assertThat(listed(out)).isEmpty();
            assertThat(err).hasContent("terrachange detect: interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> listed(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
