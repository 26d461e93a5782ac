package org.terrachange.raster.vector;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A vector file format, chosen by its published name.
public sealed interface VectorFormat permits GeoJson, GeoPackage, FlatGeobuf, GeoParquet {

    /// Every format.
    List<VectorFormat> ALL = List.of(new GeoJson(), new GeoPackage(), new FlatGeobuf(), new GeoParquet());

    /// The name by which people choose it, lower case.
    String name();

    /// Other names by which it is known, lower case.
    default List<String> aliases() {
        return List.of();
    }

    /// What the names of its files end with, without the dot.
    String extension();

    /// Starts a file.
    ///
    /// @param file its name in the end; written to a temporary sibling until [FeatureWriter#commit]
    /// @throws IOException if the file cannot be written there
    FeatureWriter open(Path file, Layer layer) throws IOException;

    /// The format with this name or alias, in any case.
    ///
    /// @throws IllegalArgumentException if there is none
    static VectorFormat parse(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(format ->
                        format.name().equals(wanted) || format.aliases().contains(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no vector format; choose one of "
                        + ALL.stream().map(VectorFormat::name).collect(Collectors.joining(", "))));
    }
}
