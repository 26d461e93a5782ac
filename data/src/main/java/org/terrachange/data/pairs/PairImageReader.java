package org.terrachange.data.pairs;

import java.io.IOException;
import java.nio.file.Path;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.rgb.RasterColours;
import org.terrachange.raster.rgb.RgbView;

/// Reads the pixels of labelled pairs.
public final class PairImageReader {
    private PairImageReader() {}

    /// Reads both images and the mask whole.
    ///
    /// @throws RasterException if a file cannot be read as a picture
    /// @throws DatasetException if the three differ in size
    public static PairImages read(LabelledPair pair) throws IOException {
        try (RasterSource before = Rasters.open(pair.before());
                RasterSource after = Rasters.open(pair.after());
                RasterSource label = Rasters.open(pair.label())) {
            requireSize(before, after, pair.after());
            requireSize(before, label, pair.label());
            Grid grid = before.grid();
            return new PairImages(grid.width(), grid.height(), rgb(before), rgb(after), mask(label));
        }
    }

    private static void requireSize(RasterSource expected, RasterSource found, Path file) throws DatasetException {
        Grid a = expected.grid();
        Grid b = found.grid();
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new DatasetException(
                    file,
                    "has " + b.width() + "x" + b.height() + " pixels, but " + expected.location() + " has " + a.width()
                            + "x" + a.height());
        }
    }

    private static byte[] rgb(RasterSource source) throws IOException {
        int width = source.grid().width();
        int height = source.grid().height();
        byte[] pixels = new byte[3 * width * height];
        RgbView.of(RasterColours.of(source))
                .read(source.grid().window(), pixels, width, height, new boolean[width * height]);
        return pixels;
    }

    private static byte[] mask(RasterSource source) throws RasterException {
        PixelBlock block = source.read(source.grid().window(), 0);
        int area = (int) block.window().area();
        double highest = 0;
        for (int i = 0; i < area; i++) {
            highest = Math.max(highest, block.value(0, i));
        }
        double least = highest <= 1 ? 1 : 128;
        byte[] change = new byte[area];
        for (int i = 0; i < area; i++) {
            change[i] = (byte) (block.value(0, i) >= least ? 1 : 0);
        }
        return change;
    }
}
