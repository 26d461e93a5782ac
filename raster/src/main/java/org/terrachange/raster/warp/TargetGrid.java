package org.terrachange.raster.warp;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Whose pixels the common grid of two images has.
public enum TargetGrid {
    BEFORE,
    AFTER,
    /// Those of the image with the smaller pixels on the ground; the earlier one's if both are of one size.
    FINER;

    /// The name by which people choose it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The choice with this name, in any case.
    ///
    /// @throws IllegalArgumentException if there is none
    public static TargetGrid parse(String name) {
        return Arrays.stream(values())
                .filter(value -> value.label().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no target grid; choose one of "
                        + Arrays.stream(values()).map(TargetGrid::label).collect(Collectors.joining(", "))));
    }
}
