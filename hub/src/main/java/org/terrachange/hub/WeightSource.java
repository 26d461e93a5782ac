package org.terrachange.hub;

/// Where the file of a named model comes from.
public sealed interface WeightSource {

    /// Comes with the program.
    ///
    /// @param file its name in the folder `models` of the installation
    record Bundled(String file) implements WeightSource {
        public Bundled {
            if (file.isBlank() || file.contains("/") || file.contains("\\")) {
                throw new IllegalArgumentException(
                        "a bundled model is a file in the folder models, got \"" + file + "\"");
            }
        }
    }
}
