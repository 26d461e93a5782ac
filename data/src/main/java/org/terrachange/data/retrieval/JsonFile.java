package org.terrachange.data.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.terrachange.data.pairs.DatasetException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON files of data sets: captions and labels.
public final class JsonFile {
    /// The largest of a published data set, xBD's and LEVIR-CC's, take a few MiB.
    private static final long MOST_BYTES = 1L << 28;

    private JsonFile() {}

    /// Reads a file whole.
    ///
    /// @throws DatasetException if it is missing, far too large, cut short or no JSON
    public static JsonNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file, "does not exist");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new DatasetException(
                    file, "has " + Files.size(file) + " bytes, far more than captions or labels take");
        }
        try {
            return new JsonMapper().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            DatasetException refusal =
                    new DatasetException(file, "is no JSON, or was cut short (" + e.getOriginalMessage() + ")");
            refusal.initCause(e);
            throw refusal;
        }
    }
}
