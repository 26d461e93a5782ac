package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The real program with several processes, of which some are lost.
@DisabledOnOs(OS.WINDOWS)
class ProcessesTest {
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder;

    @BeforeEach
    void writePairs() throws IOException {
        for (String split : List.of("train", "val")) {
            for (String part : List.of("A", "B", "label")) {
                Path place = Files.createDirectories(
                        folder.resolve("data").resolve(split).resolve(part));
                Fixtures.tiff(place.resolve("x.tif"), 64, 64, part.equals("label") ? 1 : 3, part.hashCode());
            }
        }
    }

    private ProcessBuilder train(String out, int processes, String... more) {
        Path data = folder.resolve("data");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                "--data",
                data.toString(),
                "--val",
                data.toString(),
                "--crop",
                "32",
                "--batch",
                "2",
                "--epoch-samples",
                "2",
                "--precision",
                "fp32",
                "--quiet",
                "--processes",
                Integer.toString(processes),
                "--out",
                folder.resolve(out).toString()));
        line.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("err.txt").toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder;
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err.txt"));
    }

    /// Starts a long run of two processes and returns when its first state is on disk.
    private Process running(String out) throws Exception {
        Process supervisor = train(out, 2, "--samples", "200000").start();
        Path state = folder.resolve(out).resolve("state.safetensors");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(state) && supervisor.isAlive() && System.nanoTime() < until) {
            Thread.sleep(50);
        }
        assertThat(state).exists();
        return supervisor;
    }

    private static void end(Process supervisor) {
        supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
        supervisor.destroyForcibly();
    }

    @Test
    void theResultIsPrintedOnceAndAlone() throws Exception {
        Process supervisor = train("run", 2, "--samples", "4", "--json").start();
        try {
            assertThat(supervisor.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(err()).isEmpty();
            assertThat(supervisor.exitValue()).isZero();
            assertThat(Files.readString(folder.resolve("out.txt")).strip())
                    .startsWith("{")
                    .endsWith("}")
                    .containsOnlyOnce("\"steps\" : 2");
            assertThat(folder.resolve("run/best.safetensors")).exists();
        } finally {
            end(supervisor);
        }
    }

    @Test
    void aKilledProcessEndsTheOthersWithOneLineAndLeavesAState() throws Exception {
        Process supervisor = running("run");
        try {
            List<ProcessHandle> children = supervisor.children().toList();
            assertThat(children).hasSize(2);

            children.get(1).destroyForcibly();

            assertThat(supervisor.waitFor(60, TimeUnit.SECONDS))
                    .as("ends in time")
                    .isTrue();
            assertThat(supervisor.exitValue()).isEqualTo(ExitCode.FAILURE);
            assertThat(err().strip())
                    .startsWith("terrachange train: ")
                    .contains("of 2")
                    .contains("run the same command again")
                    .doesNotContain("\n");
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        } finally {
            end(supervisor);
        }
    }

    @Test
    void childrenEndWithTheirSupervisor() throws Exception {
        Process supervisor = running("run");
        List<ProcessHandle> children = supervisor.children().toList();
        try {
            supervisor.destroyForcibly();

            for (ProcessHandle child : children) {
                child.onExit().get(60, TimeUnit.SECONDS);
            }
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void badInputIsToldOnce() throws Exception {
        Process supervisor = train("run", 3, "--samples", "4").start();
        try {
            assertThat(supervisor.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(supervisor.exitValue()).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(err().strip()).contains("choose a multiple of 3").doesNotContain("\n");
        } finally {
            end(supervisor);
        }
    }
}
