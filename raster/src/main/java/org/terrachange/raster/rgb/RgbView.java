package org.terrachange.raster.rgb;

import java.io.IOException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

/// An image seen as 8-bit red, green and blue with a mask of missing pixels.
public final class RgbView {
    private final ColourSource colours;
    private final Stretch stretch;

    /// @param stretch from the values of the colours to brightness
    public RgbView(ColourSource colours, Stretch stretch) {
        this.colours = colours;
        this.stretch = stretch;
    }

    /// An image by itself: as it is where it is 8-bit, stretched over its own values otherwise.
    public static RgbView of(ColourSource colours) throws IOException {
        return new RgbView(colours, colours.isEightBit() ? Stretch.NONE : Stretch.over(colours));
    }

    /// Where the pixels lie.
    public Grid grid() {
        return colours.grid();
    }

    /// Reads a window into the upper left part of a larger, planar image.
    ///
    /// @param target three planes of `stride * rows` samples; missing pixels become black
    /// @param stride columns of the image
    /// @param rows rows of the image
    /// @param missing one flag a pixel of the image, raised where a pixel is missing; flags are never lowered
    public void read(Window window, byte[] target, int stride, int rows, boolean[] missing) throws IOException {
        ColourBlock block = colours.read(window);
        for (int colour = 0; colour < 3; colour++) {
            byte[] plane = stretch.bytes(colour, block.planes()[colour]);
            for (int row = 0; row < window.height(); row++) {
                System.arraycopy(plane, row * window.width(), target, (colour * rows + row) * stride, window.width());
            }
        }
        for (int row = 0; row < window.height(); row++) {
            for (int column = 0; column < window.width(); column++) {
                if (block.missing()[row * window.width() + column]) {
                    int at = row * stride + column;
                    missing[at] = true;
                    for (int colour = 0; colour < 3; colour++) {
                        target[colour * rows * stride + at] = 0;
                    }
                }
            }
        }
    }
}
