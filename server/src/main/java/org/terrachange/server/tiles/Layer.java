package org.terrachange.server.tiles;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a tile can show of a result.
public enum Layer {
    /// The earlier image, in colour.
    BEFORE,
    /// The later image, in colour.
    AFTER,
    /// The probability of change as the raster stores it, 0 to 254, in grey.
    PROBABILITY,
    /// What really changed, 255 or 0 in grey; only where that is known.
    TRUTH;

    /// The name in addresses.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The layer of this name, if there is one.
    public static Optional<Layer> parse(String name) {
        return Arrays.stream(values())
                .filter(layer -> layer.label().equals(name))
                .findFirst();
    }
}
