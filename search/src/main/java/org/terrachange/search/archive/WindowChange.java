package org.terrachange.search.archive;

import java.util.List;
import org.locationtech.jts.geom.Polygon;
import org.terrachange.raster.Window;

/// What a detector found in a window of a scene.
///
/// @param window in pixels of the scene
/// @param validPixels that are there in both dates
/// @param changedPixels of them, those whose probability reaches the threshold
/// @param outlines of the changed patches inside the window, in pixels of the scene
record WindowChange(Window window, long validPixels, long changedPixels, List<Polygon> outlines) {
    WindowChange {
        outlines = List.copyOf(outlines);
    }

    /// Share of the valid pixels, 0 where there are none.
    double fraction() {
        return validPixels == 0 ? 0 : (double) changedPixels / validPixels;
    }
}
