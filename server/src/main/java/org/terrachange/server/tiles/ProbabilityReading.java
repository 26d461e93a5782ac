package org.terrachange.server.tiles;

import java.io.IOException;
import java.util.Arrays;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.ColourBlock;
import org.terrachange.raster.rgb.ColourSource;

/// What a browser needs of a probability raster to apply any threshold by itself: how often each value occurs,
/// and a picture of it that is small enough to hold.
final class ProbabilityReading {
    /// The value of missing pixels.
    private static final int MISSING = 255;

    /// Pixels that are held at a time.
    private static final int STRIP_PIXELS = 4 << 20;

    /// As many of a mask, which may have to be resampled.
    private static final int MASK_PIXELS = 1 << 20;

    private final RasterSource source;

    /// @param source stays open for as long as this is used
    /// @throws RasterException if it is no raster of 8-bit probabilities
    ProbabilityReading(RasterSource source) throws RasterException {
        if (source.type() != SampleType.UINT8 || source.bands() != 1) {
            throw new RasterException(
                    source.location(), "is no raster of 8-bit probabilities; detect with the format uint8");
        }
        this.source = source;
    }

    /// How many pixels have each value from 0 to 254; the last of the 256 counts the missing ones.
    long[] histogram() throws RasterException {
        long[] counts = new long[256];
        Grid grid = source.grid();
        int rows = Math.max(1, STRIP_PIXELS / grid.width());
        for (int y = 0; y < grid.height(); y += rows) {
            Window strip = new Window(0, y, grid.width(), Math.min(rows, grid.height() - y));
            for (byte value : source.read(strip, 0).bytes(0)) {
                counts[value & 0xff]++;
            }
        }
        return counts;
    }

    /// [#histogram] over the pixels that a mask marks by anything but 0.
    ///
    /// @param mask of the size of the raster; what it lacks is not marked
    long[] histogramWithin(ColourSource mask) throws IOException {
        Grid grid = source.grid();
        long[] counts = new long[256];
        int rows = Math.max(1, MASK_PIXELS / grid.width());
        for (int y = 0; y < grid.height(); y += rows) {
            Window strip = new Window(0, y, grid.width(), Math.min(rows, grid.height() - y));
            byte[] values = source.read(strip, 0).bytes(0);
            ColourBlock marks = mask.read(strip);
            for (int i = 0; i < values.length; i++) {
                if (!marks.missing()[i] && marks.planes()[0][i] != 0) {
                    counts[values[i] & 0xff]++;
                }
            }
        }
        return counts;
    }

    /// The raster as a PNG in grey and alpha, reduced by the smallest power of two that makes its longer side at
    /// most `size`. A pixel is the mean of the valid pixels that it stands for, transparent where there are none.
    ///
    /// @param size at least 1
    byte[] picture(int size) throws RasterException {
        Grid grid = source.grid();
        int factor = reduction(grid, size);
        RasterSource stored = source.overview(factor);
        // Stored copies whose sizes were rounded otherwise would shift every pixel a little.
        int done = (int) Math.round((double) grid.width() / stored.grid().width());
        boolean fits = factor % done == 0
                && stored.grid().width() == Math.ceilDiv(grid.width(), done)
                && stored.grid().height() == Math.ceilDiv(grid.height(), done);
        return fits ? reduced(stored, factor / done) : reduced(source, factor);
    }

    /// By how much [#picture] reduces a raster of this grid.
    static int reduction(Grid grid, int size) {
        int factor = 1;
        while (Math.ceilDiv(Math.max(grid.width(), grid.height()), factor) > size) {
            factor *= 2;
        }
        return factor;
    }

    private static byte[] reduced(RasterSource from, int factor) throws RasterException {
        Grid grid = from.grid();
        int width = Math.ceilDiv(grid.width(), factor);
        int height = Math.ceilDiv(grid.height(), factor);
        byte[] grey = new byte[width * height];
        byte[] alpha = new byte[width * height];
        int lines = Math.max(1, STRIP_PIXELS / grid.width() / factor);
        for (int line = 0; line < height; line += lines) {
            int y = line * factor;
            Window strip = new Window(0, y, grid.width(), Math.min(lines * factor, grid.height() - y));
            PixelBlock block = from.read(strip, 0);
            int[] sums = new int[width];
            int[] counts = new int[width];
            for (int row = 0; row < strip.height(); row++) {
                byte[] values = block.bytes(0);
                for (int column = 0; column < strip.width(); column++) {
                    int value = values[row * strip.width() + column] & 0xff;
                    if (value != MISSING) {
                        sums[column / factor] += value;
                        counts[column / factor]++;
                    }
                }
                if ((row + 1) % factor == 0 || row + 1 == strip.height()) {
                    int to = (line + row / factor) * width;
                    for (int x = 0; x < width; x++) {
                        grey[to + x] = (byte) (counts[x] == 0 ? 0 : (sums[x] + counts[x] / 2) / counts[x]);
                        alpha[to + x] = (byte) (counts[x] == 0 ? 0 : 255);
                    }
                    Arrays.fill(sums, 0);
                    Arrays.fill(counts, 0);
                }
            }
        }
        return PngEncoder.encode(width, height, grey, alpha);
    }
}
