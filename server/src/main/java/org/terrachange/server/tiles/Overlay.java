package org.terrachange.server.tiles;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be marked on a picture of a whole scene.
public enum Overlay {
    /// What the detector marked, in the pink of the map's mask.
    DETECTED(255, 47, 125),
    /// What really changed, in the blue of the map's truth.
    TRUTH(64, 156, 255);

    private final int red;
    private final int green;
    private final int blue;

    Overlay(int red, int green, int blue) {
        this.red = red;
        this.green = green;
        this.blue = blue;
    }

    /// @param band 0 for red, 1 for green, 2 for blue
    int colour(int band) {
        return band == 0 ? red : band == 1 ? green : blue;
    }

    /// The overlay of this name, if there is one.
    public static Optional<Overlay> parse(String name) {
        return Arrays.stream(values())
                .filter(overlay -> overlay.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
