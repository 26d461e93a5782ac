package org.terrachange.nn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// The data folder beside the project, which tests use where it exists.
public final class SharedData {
    private SharedData() {}

    /// A file in `shared/data`; the calling test is skipped, saying so, where it is absent.
    public static Path file(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            Path file = folder.resolve("shared/data").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
            folder = folder.getParent();
        }
        assumeTrue(false, "shared/data/" + name + " is not on this machine");
        throw new AssertionError();
    }
}
