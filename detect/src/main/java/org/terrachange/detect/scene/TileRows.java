package org.terrachange.detect.scene;

/// Some of a scene's rows of tiles, one below the other.
///
/// @param from the first, counted from 0
/// @param to the one after the last
public record TileRows(int from, int to) {
    public TileRows {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "rows of tiles go from 0 or more to a later one, got " + from + " to " + to);
        }
    }

    /// How many there are.
    public int count() {
        return to - from;
    }
}
