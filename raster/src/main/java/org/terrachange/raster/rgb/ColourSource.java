package org.terrachange.raster.rgb;

import java.io.IOException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

/// An image as red, green and blue, read by window. Safe to read from several threads at once.
public interface ColourSource {

    /// Where the pixels lie.
    Grid grid();

    /// Whether the values are 8-bit brightness already, 0 to 255, as a picture has them.
    boolean isEightBit();

    /// The colours of a window.
    ///
    /// @param window inside [Grid#window()]
    /// @throws IOException if the image is damaged there, or its ground cannot be computed
    ColourBlock read(Window window) throws IOException;

    /// This image or a stored copy of it with fewer pixels, as [org.terrachange.raster.RasterSource#overview]
    /// finds it.
    ///
    /// @param factor how many times as large its pixels may be, at least 1
    default ColourSource reduced(double factor) throws IOException {
        return this;
    }
}
