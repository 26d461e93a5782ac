package org.terrachange.raster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the imagery that lies beside the project and is no part of it.
public final class SharedData {
    private SharedData() {}

    /// A folder or file of the shared data; the test is skipped where it is absent.
    ///
    /// Looked for under the system property `terrachange.shared`, else under `shared/data` of the working folder
    /// and of each folder above it.
    public static Path require(String name) {
        String property = System.getProperty("terrachange.shared");
        if (property != null) {
            return existing(Path.of(property, name));
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("shared/data"))) {
                return existing(folder.resolve("shared/data").resolve(name));
            }
        }
        assumeTrue(false, "skipped: there is no shared/data folder beside the project");
        throw new IllegalStateException();
    }

    private static Path existing(Path path) {
        assumeTrue(Files.exists(path), () -> "skipped: " + path + " is absent");
        return path;
    }
}
