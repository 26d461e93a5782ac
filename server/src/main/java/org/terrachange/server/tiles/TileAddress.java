package org.terrachange.server.tiles;

/// Which tile: columns and rows count from the upper left, and double with every zoom level.
///
/// @param zoom 0 to [#DEEPEST]
/// @param column from 0
/// @param row from 0
public record TileAddress(int zoom, int column, int row) {
    /// The deepest zoom level at which positions in pixels still fit an `int`.
    public static final int DEEPEST = 22;

    public TileAddress {
        if (zoom < 0 || zoom > DEEPEST) {
            throw new IllegalArgumentException("zoom levels run from 0 to " + DEEPEST + ", got " + zoom);
        }
        if (column < 0 || row < 0 || column >= 1 << zoom || row >= 1 << zoom) {
            throw new IllegalArgumentException("zoom level " + zoom + " has " + (1 << zoom)
                    + " columns and rows of tiles, got column " + column + ", row " + row);
        }
    }
}
