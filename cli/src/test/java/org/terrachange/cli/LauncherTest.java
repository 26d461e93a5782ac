package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher script in a folder where everything is built, with a Java that prints how it was started.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void installProgram() throws IOException {
        home = Files.createDirectories(folder.resolve("the program"));
        Path target = Files.createDirectories(home.resolve("cli/target"));
        Files.copy(Path.of("..", "terrachange"), home.resolve("terrachange"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Path app = Files.createDirectories(target.resolve("app/first"));
        Files.writeString(app.resolve("terrachange.jar"), "");
        Files.writeString(target.resolve("current"), "first\n");
        Path built = Files.writeString(target.resolve("built"), "");
        Files.setLastModifiedTime(built, FileTime.from(Instant.now().plusSeconds(60)));
    }

    private Path java(String version) throws IOException {
        Path java = folder.resolve("jdk " + version);
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String program : List.of("java", "javac")) {
            Path file = Files.writeString(
                    java.resolve("bin").resolve(program),
                    "#!/bin/sh\necho \"Java " + version + "\"\nfor word; do echo \"<$word>\"; done\nexit 3\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return java;
    }

    private Terminal.Answer start(Path launcher, Path javaHome, String... words) throws Exception {
        return start(launcher, javaHome, System.getenv("PATH"), List.of(words));
    }

    private Terminal.Answer start(Path launcher, Path javaHome, String path, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(words);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().remove("TERRACHANGE_JAVA_OPTS");
        builder.environment().put("PATH", path);
        int code = builder.start().waitFor();
        return new Terminal.Answer(
                code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void theProgramIsStartedWithItsWordsAsTheyAre() throws Exception {
        Terminal.Answer answer =
                start(home.resolve("terrachange"), java("25.0.1"), "info", "two words.tif", "*", "--json");

        assertThat(answer.out().lines())
                .startsWith("Java 25.0.1")
                .contains("<--enable-native-access=ALL-UNNAMED>")
                .contains("<-Dterrachange.home=" + home.toRealPath() + ">")
                .endsWith(
                        "<-jar>",
                        "<" + home.toRealPath().resolve("cli/target/app/first/terrachange.jar") + ">",
                        "<info>",
                        "<two words.tif>",
                        "<*>",
                        "<--json>");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void theExitCodeIsThatOfTheProgram() throws Exception {
        assertThat(start(home.resolve("terrachange"), java("26-ea")).code()).isEqualTo(3);
    }

    @Test
    void theProgramIsFoundThroughSymbolicLinks() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("the program/terrachange"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path second = Files.createSymbolicLink(bin.resolve("tc"), first);

        assertThat(start(second, java("25"), "info").out()).contains("<-Dterrachange.home=" + home.toRealPath() + ">");
    }

    @Test
    void aJavaThatIsTooOldIsPassedOver() throws Exception {
        assertThat(start(home.resolve("terrachange"), java("17.0.15"), "info").out())
                .doesNotContain("Java 17");
    }

    /// Maven that puts an empty program where the real one would put its own.
    private Path maven() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("maven"));
        Path mvn = Files.writeString(
                bin.resolve("mvn"), "#!/bin/sh\nmkdir -p cli/target/lib\n: > cli/target/terrachange.jar\n");
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
        return bin;
    }

    @Test
    void aNewBuildLeavesTheVersionAloneThatAProgramRunsFrom() throws Exception {
        Path app = home.resolve("cli/target/app");
        Path slow = java("25.0.2");
        Files.writeString(slow.resolve("bin/java"), "#!/bin/sh\necho started\nread -r line\n");
        ProcessBuilder builder = new ProcessBuilder(home.resolve("terrachange").toString(), "serve");
        builder.environment().put("JAVA_HOME", slow.toString());
        Process running = builder.start();
        try {
            assertThat(running.inputReader().readLine()).isEqualTo("started");
            Files.setLastModifiedTime(
                    home.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(90)));
            String path = maven() + ":" + System.getenv("PATH");
            start(home.resolve("terrachange"), java("25.0.1"), path, List.of("info"));
            try (Stream<Path> versions = Files.list(app)) {
                assertThat(versions).hasSize(2);
            }
            assertThat(app.resolve("first/terrachange.jar")).exists();
        } finally {
            running.destroy();
            running.waitFor();
        }
        start(home.resolve("terrachange"), java("25.0.1"), maven() + ":" + System.getenv("PATH"), List.of("info"));
        try (Stream<Path> versions = Files.list(app)) {
            assertThat(versions.map(Path::getFileName).map(Path::toString))
                    .hasSize(1)
                    .doesNotContain("first");
        }
    }
}
