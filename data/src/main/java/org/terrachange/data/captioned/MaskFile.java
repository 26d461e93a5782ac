package org.terrachange.data.captioned;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.Window;

/// A mask opened for reading by window. The value of a pixel is the greatest of its channels, alpha left out:
/// S2Looking paints what was built blue and what was demolished red, on black; gray has one value in all channels.
///
/// Masks are written over the whole 8-bit range (0, 128, 255) or as class numbers (0, 1, 2). Which it is shows in
/// the highest value of the whole mask.
final class MaskFile implements Closeable {
    private static final int STRIP_PIXELS = 1 << 22;

    private final RasterSource source;
    private final int[] bands;
    /// From these values on: anything, and a building.
    private final double change;

    private final double anything;
    private final double building;

    private MaskFile(RasterSource source, int[] bands, double highest) {
        this.source = source;
        this.bands = bands;
        boolean numbered = highest <= 2;
        change = highest <= 1 ? 1 : 128;
        anything = numbered ? 1 : 64;
        building = numbered ? 2 : 192;
    }

    /// Opens a mask and finds its highest value.
    ///
    /// @param image what the mask must be as large as
    static MaskFile open(Path file, RasterSource image) throws IOException {
        RasterSource source = Rasters.open(file);
        try {
            ExampleCutter.requireSize(image, source.grid(), file);
            int[] bands = IntStream.range(0, source.bands())
                    .filter(band -> source.role(band) != BandRole.ALPHA)
                    .toArray();
            if (bands.length == 0) {
                throw new DatasetException(
                        file, "has nothing but an alpha channel; expected a mask in gray or colours");
            }
            return new MaskFile(source, bands, highest(source, bands));
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static double highest(RasterSource source, int[] bands) throws IOException {
        Grid grid = source.grid();
        int rows = Math.max(1, STRIP_PIXELS / grid.width());
        double highest = 0;
        for (int y = 0; y < grid.height(); y += rows) {
            PixelBlock block = source.read(new Window(0, y, grid.width(), Math.min(rows, grid.height() - y)), bands);
            int area = (int) block.window().area();
            for (int i = 0; i < area; i++) {
                highest = Math.max(highest, value(block, i));
            }
        }
        return highest;
    }

    private static double value(PixelBlock block, int pixel) {
        double value = block.value(0, pixel);
        for (int band = 1; band < block.bands(); band++) {
            value = Math.max(value, block.value(band, pixel));
        }
        return value;
    }

    /// Whether the mask marks a pixel of the window.
    boolean marks(Window window) throws IOException {
        for (byte pixel : between(window, Math.min(change, anything), Double.MAX_VALUE)) {
            if (pixel != 0) {
                return true;
            }
        }
        return false;
    }

    /// 1 where a mask of two values marks change, else 0, row by row.
    byte[] change(Window window) throws IOException {
        return between(window, change, Double.MAX_VALUE);
    }

    /// 1 where a mask of three values marks a building.
    byte[] buildings(Window window) throws IOException {
        return between(window, building, Double.MAX_VALUE);
    }

    /// 1 where a mask of three values marks a road.
    byte[] roads(Window window) throws IOException {
        return between(window, anything, building);
    }

    private byte[] between(Window window, double least, double below) throws IOException {
        PixelBlock block = source.read(window, bands);
        byte[] mask = new byte[(int) window.area()];
        for (int i = 0; i < mask.length; i++) {
            double value = value(block, i);
            mask[i] = (byte) (value >= least && value < below ? 1 : 0);
        }
        return mask;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
