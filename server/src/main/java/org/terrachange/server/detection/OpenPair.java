package org.terrachange.server.detection;

import java.io.Closeable;
import java.io.IOException;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.warp.CommonGrid;
import org.terrachange.raster.warp.TargetGrid;
import org.terrachange.server.storage.StoredImage;
import org.terrachange.server.web.Refusal;

/// Two images, open, whose results are not too large to be worked on: pixels of a kilometre, resampled to what a
/// detector knows, would make a scene a million times their number.
///
/// @param before the earlier image
/// @param after the later image
record OpenPair(RasterSource before, RasterSource after) implements Closeable {

    /// Opens two images.
    ///
    /// @param range pixel sizes that the detector was trained for
    /// @param mostPixels of an image and of the results
    /// @throws org.terrachange.raster.RasterException if one is damaged
    /// @throws org.terrachange.raster.warp.MisfitException if they have no common grid
    /// @throws Refusal with 422 if they or their results are too large
    static OpenPair of(StoredImage before, StoredImage after, GsdRange range, long mostPixels) throws IOException {
        RasterSource first = before.open(mostPixels);
        RasterSource second;
        try {
            second = after.open(mostPixels);
        } catch (IOException | RuntimeException e) {
            first.close();
            throw e;
        }
        OpenPair pair = new OpenPair(first, second);
        try {
            Grid results = CommonGrid.of(first.grid(), second.grid(), TargetGrid.BEFORE, range::nearest)
                    .grid();
            StoredImage.requireSize("the result", results, mostPixels);
            return pair;
        } catch (IOException | RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (before;
                after) {
            // Closing both, whichever fails.
        }
    }
}
