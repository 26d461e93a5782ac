package org.terrachange.search.index;

import java.util.Map;
import java.util.Optional;

/// Which model made the vectors of an index. Vectors of two models cannot be compared, not even where their widths
/// agree.
///
/// @param name what the model is called, for messages
/// @param sha256 of the file of its weights, 64 hexadecimal digits in lower case
/// @param dimension width of its vectors
public record ModelFingerprint(String name, String sha256, int dimension) {
    /// The widest vectors that Lucene takes.
    public static final int WIDEST = 1024;

    private static final String NAME = "model.name";
    private static final String SHA256 = "model.sha256";
    private static final String DIMENSION = "model.dimension";

    public ModelFingerprint {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a model needs a name");
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a SHA-256 has 64 hexadecimal digits, got \"" + sha256 + "\"");
        }
        if (dimension < 1 || dimension > WIDEST) {
            throw new IllegalArgumentException("vectors have 1 to " + WIDEST + " numbers, got " + dimension);
        }
    }

    Map<String, String> toMetadata() {
        return Map.of(NAME, name, SHA256, sha256, DIMENSION, Integer.toString(dimension));
    }

    /// The fingerprint that metadata state; empty where they state none, or none that is possible.
    static Optional<ModelFingerprint> of(Map<String, String> metadata) {
        try {
            return Optional.of(new ModelFingerprint(
                    metadata.getOrDefault(NAME, ""),
                    metadata.getOrDefault(SHA256, ""),
                    Integer.parseInt(metadata.getOrDefault(DIMENSION, ""))));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// For messages: the name and as much of the checksum as tells two weights of one name apart.
    @Override
    public String toString() {
        return name + " (" + sha256.substring(0, 12) + ", " + dimension + " numbers)";
    }
}
