package org.terrachange.data.hdf5;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// The reference reader and writer of HDF5, where this machine has it: Python with h5py.
public final class H5py {
    private static final Optional<String> PYTHON = List.of("python3", "/usr/bin/python3").stream()
            .filter(python -> {
                try {
                    return execute(python, "import h5py").isPresent();
                } catch (IOException e) {
                    return false;
                }
            })
            .findFirst();

    private H5py() {}

    /// Runs a program that has h5py and numpy (`np`) imported; skips the test where there is no h5py.
    ///
    /// @param arguments `sys.argv[1:]`
    /// @return what it printed
    public static String run(String program, Object... arguments) throws IOException {
        Assumptions.assumeTrue(PYTHON.isPresent(), "needs Python with h5py");
        return execute(PYTHON.orElseThrow(), "import sys, h5py, numpy as np\n" + program, arguments)
                .orElseThrow(() -> new AssertionError("h5py refused; see the output above"));
    }

    private static Optional<String> execute(String python, String program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(python, "-c", program));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return Optional.of(printed.strip());
            }
            if (arguments.length > 0) {
                System.err.println(printed);
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroy();
        }
    }
}
