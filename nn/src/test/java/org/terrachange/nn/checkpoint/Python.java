package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A Python interpreter as an independent judge; tests that need one skip where it is absent.
record Python(String command) {
    private static final List<String> CANDIDATES = List.of("/usr/bin/python3", "python3", "python");

    /// Any Python 3.
    static Python any() throws InterruptedException {
        return that("import sys; assert sys.version_info >= (3, 7)", "no Python 3 here: parity is not checked");
    }

    /// One with PyTorch.
    static Python withTorch() throws InterruptedException {
        return that("import torch", "no Python with PyTorch here: parity with torch.save is not checked");
    }

    private static Python that(String probe, String otherwise) throws InterruptedException {
        for (String command : CANDIDATES) {
            try {
                Process process = new ProcessBuilder(command, "-c", probe)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
                    return new Python(command);
                }
            } catch (IOException _) {
                // No such command: try the next.
            }
        }
        assumeTrue(false, otherwise);
        throw new AssertionError("unreachable");
    }

    /// Runs a script and returns what it printed; warnings on standard error are let through to the console.
    String run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command, "-c", script));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code of the Python script").isZero();
        return output;
    }
}
