package org.terrachange.detect.scene;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What to do with a scene whose pixels are larger or smaller than those that the detector was trained on.
public enum GsdPolicy {
    /// Take it as it is.
    NATIVE,
    /// Resample it to the nearest end of the detector's range.
    MODEL;

    /// The name by which people choose it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The policy with this name, in any case.
    ///
    /// @throws IllegalArgumentException if there is none
    public static GsdPolicy parse(String name) {
        return Arrays.stream(values())
                .filter(value -> value.label().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no choice; choose one of "
                        + Arrays.stream(values()).map(GsdPolicy::label).collect(Collectors.joining(", "))));
    }
}
