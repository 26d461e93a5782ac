package org.terrachange.hub.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Says that a file was read in full and found intact, and how to see that nobody has touched it since: reading
/// gigabytes before every use would take longer than the use.
///
/// @param bytes its length then
/// @param modified its time of modification then, ISO 8601
record Receipt(long bytes, String modified) {

    static Receipt of(Path file) throws IOException {
        return new Receipt(
                Files.size(file), Files.getLastModifiedTime(file).toInstant().toString());
    }

    /// The receipt that lies in a file; empty where there is none or it is damaged.
    static Optional<Receipt> read(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(JsonMapper.shared().readValue(file.toFile(), Receipt.class))
                    : Optional.empty();
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        WholeFile.write(file, JsonMapper.shared().writeValueAsString(this));
    }
}
