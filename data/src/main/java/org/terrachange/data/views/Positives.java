package org.terrachange.data.views;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What counts as two views of one thing.
public enum Positives {
    /// Two random views of one image (Chen et al. 2020).
    VIEWS,
    /// A random view of each of two dates of one place, so that the encoder learns to see past season, light and
    /// sensor (after seasonal contrast, Mañas et al. 2021). Images of a single date give two views.
    DATES;

    /// The name by which people choose it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The choice with this name, in any case.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Positives parse(String name) {
        return Arrays.stream(values())
                .filter(value -> value.label().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no kind of positive pair; choose "
                        + Arrays.stream(values()).map(Positives::label).collect(Collectors.joining(" or "))));
    }
}
