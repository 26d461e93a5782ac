package org.terrachange.raster.cog;

import java.util.Map;

/// The colours in which viewers show the values of a mask or a map of classes.
///
/// @param colours value 0 to 255 to a colour `0xRRGGBB`; values without one are black
public record ColourTable(Map<Integer, Integer> colours) {
    public ColourTable {
        colours.forEach((value, colour) -> {
            if (value < 0 || value > 255) {
                throw new IllegalArgumentException("a colour table is for values from 0 to 255, got " + value);
            }
            if (colour < 0 || colour > 0xffffff) {
                throw new IllegalArgumentException("a colour is 0x000000 to 0xffffff, got 0x"
                        + Integer.toHexString(colour) + " for the value " + value);
            }
        });
        colours = Map.copyOf(colours);
    }

    /// The ColorMap field of TIFF: 256 reds, 256 greens, 256 blues, each from 0 to 65535.
    int[] colorMap() {
        int[] map = new int[3 * 256];
        colours.forEach((value, colour) -> {
            for (int component = 0; component < 3; component++) {
                map[component * 256 + value] = (colour >> (16 - 8 * component) & 0xff) * 257;
            }
        });
        return map;
    }
}
