package org.terrachange.hub;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the folder that the program is installed in: the one that holds `models`.
final class Installation {
    /// Set by the launcher.
    static final String HOME_PROPERTY = "terrachange.home";

    private static final String MODELS = "models";

    private Installation() {}

    /// The folder of the bundled models: below the system property `terrachange.home` where it is set, else
    /// below the nearest folder above the program's own file or the working directory that has one.
    static Optional<Path> models() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home != null) {
            return Optional.of(Path.of(home, MODELS));
        }
        List<Path> starts = new ArrayList<>();
        codeLocation().ifPresent(starts::add);
        starts.add(Path.of(""));
        return starts.stream().flatMap(start -> above(start).stream()).findFirst();
    }

    private static Optional<Path> above(Path start) {
        for (Path folder = start.toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path models = folder.resolve(MODELS);
            if (Files.isDirectory(models)) {
                return Optional.of(models);
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> codeLocation() {
        CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
