package org.terrachange.hub.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The pins of a cache, each in a file of its own, so that downloads that end together do not overwrite each
/// other's.
public final class Pins {
    private static final String ENDING = ".json";

    private final Path folder;

    Pins(Path folder) {
        this.folder = folder;
    }

    /// @throws IOException if the pin is there and damaged; the message says how to get rid of it
    public Optional<Pin> find(String name) throws IOException {
        Path file = file(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonMapper.shared().readValue(file.toFile(), Pin.class));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged; delete it to accept the next download of " + name, e);
        }
    }

    public void put(String name, Pin pin) throws IOException {
        WholeFile.write(file(name), JsonMapper.shared().writeValueAsString(pin));
    }

    private Path file(String name) {
        return folder.resolve(name + ENDING);
    }
}
