package org.terrachange.raster.rgb;

import java.util.Arrays;
import org.terrachange.raster.Window;

/// The colours of one window in the number range of their source, with a flag for each missing pixel.
///
/// The arrays are not copied: whoever makes a block hands them over.
///
/// @param window the pixels it shows, inside the grid of what it was read from
/// @param planes red, green and blue, each row-major; the values at missing pixels mean nothing but are finite
/// @param missing whether a pixel is missing, row-major
public record ColourBlock(Window window, float[][] planes, boolean[] missing) {

    /// A block of missing pixels, to be filled.
    public static ColourBlock empty(Window window) {
        int area = Math.toIntExact(window.area());
        boolean[] missing = new boolean[area];
        Arrays.fill(missing, true);
        return new ColourBlock(window, new float[3][area], missing);
    }
}
