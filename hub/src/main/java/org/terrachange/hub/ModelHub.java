package org.terrachange.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Provides the files of models that people ask for by name or by path.
public final class ModelHub {
    private static final int BUFFER = 1 << 16;

    private final ModelRegistry registry;
    private final Optional<Path> bundled;

    /// @param registry the names
    /// @param bundled the folder of the models that come with the program, where there is one
    public ModelHub(ModelRegistry registry, Optional<Path> bundled) {
        this.registry = registry;
        this.bundled = bundled;
    }

    /// The hub of the running program.
    public static ModelHub ofInstallation() {
        return new ModelHub(ModelRegistry.bundled(), Installation.models());
    }

    public ModelRegistry registry() {
        return registry;
    }

    /// The checkpoint that a name or a path stands for. An existing file wins over a name; the file of a name
    /// is only handed out when its length and SHA-256 are those of the registry.
    ///
    /// @throws HubException if there is neither such a file nor such a name, or if the file of the name is
    ///     missing or not the one that the registry means
    public Path resolve(String nameOrPath) throws IOException {
        Optional<Path> file = existingFile(nameOrPath);
        if (file.isPresent()) {
            return file.get();
        }
        ModelEntry entry = registry.find(nameOrPath).orElseThrow(() -> unknown(nameOrPath));
        Path path = switch (entry.source()) {
            case WeightSource.Bundled(String name) -> bundledFile(entry, name);
        };
        verify(entry, path);
        return path;
    }

    /// Whether the file of a model is at hand; [#resolve] may still find it damaged.
    public boolean isPresent(ModelEntry entry) {
        return switch (entry.source()) {
            case WeightSource.Bundled(String name) ->
                bundled.isPresent() && Files.isRegularFile(bundled.get().resolve(name));
        };
    }

    private static Optional<Path> existingFile(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Files::isRegularFile);
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private HubException unknown(String nameOrPath) {
        boolean looksLikePath = nameOrPath.contains("/") || nameOrPath.contains("\\") || nameOrPath.contains(".");
        return looksLikePath
                ? new HubException(
                        nameOrPath, "no such file; give a checkpoint or one of the models " + registry.names())
                : new HubException(nameOrPath, "no such model; choose one of " + registry.names() + ", or give a file");
    }

    private Path bundledFile(ModelEntry entry, String name) throws HubException {
        if (bundled.isEmpty()) {
            throw new HubException(
                    entry.name(),
                    "comes with the program, but its folder \"models\" was not found; start the program with"
                            + " ./terrachange, or set the Java property " + Installation.HOME_PROPERTY);
        }
        Path file = bundled.get().resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new HubException(entry.name(), "its file " + file + " is missing; fetch the program again");
        }
        return file;
    }

    private static void verify(ModelEntry entry, Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes != entry.bytes()) {
            throw new HubException(
                    entry.name(),
                    file + " has " + bytes + " bytes instead of " + entry.bytes()
                            + "; fetch it again (a Git LFS pointer" + " is fetched with git lfs pull)");
        }
        String found = sha256(file);
        if (!found.equals(entry.sha256())) {
            throw new HubException(
                    entry.name(),
                    file + " is damaged or was exchanged: its SHA-256 is " + found + " instead of " + entry.sha256()
                            + "; fetch it again");
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
