package org.terrachange.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs programs and takes their time.
final class Programs {
    private Programs() {}

    static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// Runs a program to its end.
    ///
    /// @return what it printed
    /// @throws IOException if it failed, with what it printed
    static String run(List<String> command) throws IOException {
        return run(command, Map.of());
    }

    /// [#run(List)] with variables added to the environment.
    static String run(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = String.join("\n", process.inputReader().readAllLines());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return output;
    }

    /// Seconds that a program takes.
    static double seconds(String... command) throws IOException {
        long start = System.nanoTime();
        run(Arrays.asList(command));
        return (System.nanoTime() - start) / 1e9;
    }

    /// The command of another Java that sees only some of the processors.
    ///
    /// @param main its main class
    static List<String> java(Class<?> main, int processors, String heap, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ActiveProcessorCount=" + processors,
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
