package org.terrachange.raster.register;

import java.io.IOException;
import java.util.Optional;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.ColourBlock;
import org.terrachange.raster.rgb.ColourSource;

/// Estimates the shift between two images on one grid: phase correlation in windows spread over the scene,
/// whose correlations are added up. Every window so votes for all shifts by how well they fit it; where the
/// ground itself changed, votes scatter. Large windows find the shift to the pixel; smaller ones, laid over
/// each other by it, then find the rest.
///
/// Shifts up to about a quarter of a large window's side, 512 pixels, are found. Only a shift is estimated:
/// rotation, scale and the lean of tall buildings blur the peak and lower the confidence.
public final class ShiftEstimator {
    private static final int LARGE_WINDOW = 512;
    private static final int SMALL_WINDOW = 256;
    private static final int SMALLEST_WINDOW = 64;
    private static final int LARGE_A_SIDE = 4;
    private static final int SMALL_A_SIDE = 6;

    /// A window with more missing pixels than this share says nothing.
    private static final double MOST_MISSING = 0.25;

    /// Standard deviation of the brightness over its mean below which a window has no texture: open water, snow.
    private static final double LEAST_CONTRAST = 0.01;

    /// A peak this much higher than the next is certain.
    private static final double CERTAIN = 3;

    private ShiftEstimator() {}

    /// Estimates the shift.
    ///
    /// @param before the earlier image
    /// @param after the later one, on the same grid
    public static Shift between(ColourSource before, ColourSource after) throws IOException {
        int shorter = Math.min(before.grid().width(), before.grid().height());
        if (shorter < SMALLEST_WINDOW) {
            return Shift.UNKNOWN;
        }
        int large = Math.min(LARGE_WINDOW, Integer.highestOneBit(shorter));
        Shift coarse = vote(before, after, large, LARGE_A_SIDE, 0, 0);
        int right = (int) Math.rint(coarse.right());
        int down = (int) Math.rint(coarse.down());
        int small = Math.min(SMALL_WINDOW, Math.max(SMALLEST_WINDOW, large / 2));
        boolean fits = before.grid().width() - Math.abs(right) >= small
                && before.grid().height() - Math.abs(down) >= small;
        if (coarse.confidence() == 0 || !fits) {
            return coarse;
        }
        Shift rest = vote(before, after, small, SMALL_A_SIDE, right, down);
        return new Shift(right + rest.right(), down + rest.down(), rest.confidence(), rest.windows());
    }

    /// The shift that the windows agree on best.
    ///
    /// @param side of the windows
    /// @param most windows along one axis
    /// @param right how many pixels further right the window in the later image lies
    /// @param down how many pixels further down
    private static Shift vote(ColourSource before, ColourSource after, int side, int most, int right, int down)
            throws IOException {
        PhaseCorrelation correlation = new PhaseCorrelation(side);
        double[] votes = new double[side * side];
        int windows = 0;
        Grid grid = before.grid();
        int[] columns = starts(grid.width(), side, most, right);
        for (int row : starts(grid.height(), side, most, down)) {
            for (int column : columns) {
                ColourBlock first = before.read(new Window(column, row, side, side));
                ColourBlock second = after.read(new Window(column + right, row + down, side, side));
                boolean[] missing = either(first.missing(), second.missing());
                Optional<double[]> a = brightness(first, missing);
                Optional<double[]> b = brightness(second, missing);
                if (a.isPresent() && b.isPresent()) {
                    correlation.add(a.get(), b.get(), votes);
                    windows++;
                }
            }
        }
        if (windows == 0) {
            return Shift.UNKNOWN;
        }
        PhaseCorrelation.Peak peak = correlation.peak(votes);
        double confidence = Math.clamp((peak.distinctness() - 1) / (CERTAIN - 1), 0, 1);
        return new Shift(peak.right(), peak.down(), confidence, windows);
    }

    /// Where windows begin along one axis: spread evenly, overlapping by half at most.
    private static int[] starts(int length, int side, int most, int offset) {
        int first = Math.max(0, -offset);
        int room = length - Math.abs(offset) - side;
        int count = Math.min(most, room * 2 / side + 1);
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = first + (count == 1 ? room / 2 : (int) ((long) i * room / (count - 1)));
        }
        return starts;
    }

    private static boolean[] either(boolean[] a, boolean[] b) {
        boolean[] either = new boolean[a.length];
        for (int i = 0; i < a.length; i++) {
            either[i] = a[i] || b[i];
        }
        return either;
    }

    /// The mean of the colours, missing pixels filled with the mean of the others; nothing where too much is
    /// missing or all looks alike.
    private static Optional<double[]> brightness(ColourBlock block, boolean[] missing) {
        double[] values = new double[missing.length];
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (!missing[i]) {
                values[i] = (block.planes()[0][i] + block.planes()[1][i] + block.planes()[2][i]) / 3;
                sum += values[i];
                squares += values[i] * values[i];
                count++;
            }
        }
        double mean = sum / Math.max(1, count);
        double deviation = Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean));
        if (count < (1 - MOST_MISSING) * values.length || deviation <= LEAST_CONTRAST * Math.abs(mean)) {
            return Optional.empty();
        }
        for (int i = 0; i < values.length; i++) {
            if (missing[i]) {
                values[i] = mean;
            }
        }
        return Optional.of(values);
    }
}
