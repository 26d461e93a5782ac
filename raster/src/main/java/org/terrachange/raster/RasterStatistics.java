package org.terrachange.raster;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;

/// What the valid pixels of a raster amount to, band by band. A pixel is valid in a band unless its sample
/// there is the
/// nodata value or NaN.
///
/// @param bands one entry a band of the raster
public record RasterStatistics(List<Band> bands) {
    /// Bytes of samples held in memory at a time.
    private static final long WINDOW_BYTES = 16L << 20;

    public RasterStatistics {
        bands = List.copyOf(bands);
    }

    /// The statistics of one band.
    ///
    /// @param valid number of valid pixels
    /// @param minimum smallest valid sample, NaN where there is none
    /// @param maximum largest valid sample, NaN where there is none
    /// @param mean arithmetic mean of the valid samples, NaN where there is none
    public record Band(long valid, double minimum, double maximum, double mean) {}

    /// Reads every pixel of a raster once, in windows that follow its blocks.
    ///
    /// @throws RasterException if the raster is damaged
    public static RasterStatistics of(RasterSource source) throws RasterException {
        return of(source, _ -> {});
    }

    /// Reads every pixel of a raster once, in windows that follow its blocks.
    ///
    /// @param progress told the fraction done, from 0 to 1, after each window
    /// @throws RasterException if the raster is damaged
    public static RasterStatistics of(RasterSource source, DoubleConsumer progress) throws RasterException {
        var sums = new ArrayList<Accumulator>();
        for (int band = 0; band < source.bands(); band++) {
            sums.add(new Accumulator(source.nodata()));
        }
        // Where each band has blocks of its own, going through them band by band decodes each once.
        boolean bandByBand = source.storage().interleave().equals("band");
        int passes = bandByBand ? source.bands() : 1;
        double total = (double) source.grid().window().area() * passes;
        long done = 0;
        for (int pass = 0; pass < passes; pass++) {
            int[] chosen = bandByBand ? new int[] {pass} : new int[0];
            int bands = bandByBand ? 1 : source.bands();
            Window step = step(source, bands);
            Grid grid = source.grid();
            for (int y = 0; y < grid.height(); y += step.height()) {
                for (int x = 0; x < grid.width(); x += step.width()) {
                    var window = new Window(
                            x, y, Math.min(step.width(), grid.width() - x), Math.min(step.height(), grid.height() - y));
                    PixelBlock block = source.read(window, chosen);
                    for (int band = 0; band < bands; band++) {
                        sums.get(bandByBand ? pass : band).add(block, band);
                    }
                    done += window.area();
                    progress.accept(done / total);
                }
            }
        }
        return new RasterStatistics(sums.stream().map(Accumulator::result).toList());
    }

    /// A window size of whole blocks where they fit. Strips are taken in whole rows, few or many.
    private static Window step(RasterSource source, int bands) {
        RasterSource.Storage storage = source.storage();
        Grid grid = source.grid();
        long pixels = Math.max(1, WINDOW_BYTES / bands / source.type().bytes());
        long leastRows = storage.blockWidth() < grid.width() ? Math.min(pixels, storage.blockHeight()) : 1;
        int columns = fit(pixels / leastRows, storage.blockWidth(), grid.width());
        int rows = fit(pixels / columns, storage.blockHeight(), grid.height());
        return new Window(0, 0, columns, rows);
    }

    /// The largest length up to `limit` that is all of `whole`, or else a multiple of `block`, or else `limit`
    /// itself.
    private static int fit(long limit, int block, int whole) {
        if (limit >= whole) {
            return whole;
        }
        return (int) Math.max(1, limit >= block ? limit / block * block : limit);
    }

    private static final class Accumulator {
        private final OptionalDouble nodata;
        private long valid;
        private double minimum = Double.POSITIVE_INFINITY;
        private double maximum = Double.NEGATIVE_INFINITY;
        private double sum;
        private double lost;

        Accumulator(OptionalDouble nodata) {
            this.nodata = nodata;
        }

        void add(PixelBlock block, int band) {
            // NaN never equals a sample, which is right: NaN samples are left out anyway.
            double missing = nodata.orElse(Double.NaN);
            int area = (int) block.window().area();
            long count = 0;
            double least = minimum;
            double most = maximum;
            double total = sum;
            double remainder = lost;
            for (int i = 0; i < area; i++) {
                double value = block.value(band, i);
                if (value != missing && !Double.isNaN(value)) {
                    count++;
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                    // Neumaier's compensated sum: what rounding loses is kept apart.
                    double next = total + value;
                    remainder += Math.abs(total) >= Math.abs(value) ? (total - next) + value : (value - next) + total;
                    total = next;
                }
            }
            valid += count;
            minimum = least;
            maximum = most;
            sum = total;
            lost = remainder;
        }

        Band result() {
            if (valid == 0) {
                return new Band(0, Double.NaN, Double.NaN, Double.NaN);
            }
            // With an infinite sample the sum is infinite and what it lost is undefined.
            double exact = Double.isFinite(sum) ? sum + lost : sum;
            return new Band(valid, minimum, maximum, exact / valid);
        }
    }
}
