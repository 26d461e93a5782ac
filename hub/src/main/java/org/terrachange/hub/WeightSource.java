package org.terrachange.hub;

import java.util.List;
import java.util.regex.Pattern;
import org.terrachange.hub.download.Origin;

/// Where the file of a named model comes from.
public sealed interface WeightSource {
    /// Fit for every file system and for the end of an address.
    Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /// Name of the file.
    String file();

    /// Comes with the program.
    ///
    /// @param file its name in the folder `models` of the installation
    record Bundled(String file) implements WeightSource {
        public Bundled {
            if (!FILE_NAME.matcher(file).matches()) {
                throw new IllegalArgumentException(
                        "a bundled model is a file in the folder models, got \"" + file + "\"");
            }
        }
    }

    /// Is fetched when it is first asked for.
    ///
    /// @param file its name in caches and mirrors
    /// @param origins where its publisher offers it, in the order in which they are tried; at least one
    record Downloaded(String file, List<Origin.Web> origins) implements WeightSource {
        public Downloaded {
            origins = List.copyOf(origins);
            if (!FILE_NAME.matcher(file).matches()) {
                throw new IllegalArgumentException("the file of a model needs a plain name, got \"" + file + "\"");
            }
            if (origins.isEmpty()) {
                throw new IllegalArgumentException("the file " + file + " needs an address to come from");
            }
        }
    }
}
