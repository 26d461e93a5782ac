package org.terrachange.raster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A second opinion from GDAL, through its Python bindings. Tests that ask it are skipped where it is not
/// installed.
public final class GdalOracle {
    private static final Optional<String> PYTHON = findPython();

    private GdalOracle() {}

    /// Runs a Python script that prints one JSON document.
    public static JsonNode ask(String script, List<String> arguments) throws IOException {
        assumeTrue(PYTHON.isPresent(), "GDAL with its Python bindings is not installed: nothing to compare with");
        Path file = Files.createTempFile("oracle", ".py");
        try {
            Files.writeString(file, script);
            List<String> command = new ArrayList<>(List.of(PYTHON.orElseThrow(), file.toString()));
            command.addAll(arguments);
            return JsonMapper.shared().readTree(run(command));
        } finally {
            Files.delete(file);
        }
    }

    private static Optional<String> findPython() {
        for (String candidate : List.of("python3", "/usr/bin/python3")) {
            try {
                run(List.of(candidate, "-c", "from osgeo import gdal, osr; import osgeo_utils"));
                return Optional.of(candidate);
            } catch (IOException _) {
                // Not this one.
            }
        }
        return Optional.empty();
    }

    private static String run(List<String> command) throws IOException {
        Path errors = Files.createTempFile("oracle", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("the oracle failed: " + Files.readString(errors));
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(errors);
        }
    }
}
