package org.terrachange.raster.warp;

import org.terrachange.raster.Affine;
import org.terrachange.raster.Window;

/// Where the pixel centres of a window lie in the image that they are resampled from.
///
/// A change of CRS is computed at the corners of square cells only, and linearly in between, as GDAL's
/// approximating transformer does; a cell is quartered until that costs less than a hundredth of a pixel. Cells
/// lie at multiples of their size in the whole grid, so that a pixel's position does not depend on the window.
final class Positions {
    private static final int LARGEST_CELL = 64;
    private static final double TOLERANCE = 0.01;

    private final Window window;
    private final PixelMap map;
    private final double[] columns;
    private final double[] rows;

    private Positions(Window window, PixelMap map) {
        this.window = window;
        this.map = map;
        int area = Math.toIntExact(window.area());
        columns = new double[area];
        rows = new double[area];
    }

    static Positions of(Window window, PixelMap map) {
        Positions positions = new Positions(window, map);
        if (map instanceof PixelMap.Linear(Affine linear)) {
            positions.fill(linear);
        } else {
            int firstColumn = window.x() / LARGEST_CELL * LARGEST_CELL;
            for (int y = window.y() / LARGEST_CELL * LARGEST_CELL; y < window.bottom(); y += LARGEST_CELL) {
                for (int x = firstColumn; x < window.right(); x += LARGEST_CELL) {
                    positions.fill(x, y, LARGEST_CELL);
                }
            }
        }
        return positions;
    }

    /// The column of the pixel with this row-major index in the window; NaN where the place has none.
    double column(int index) {
        return columns[index];
    }

    /// The row of the pixel with this row-major index in the window; NaN where the place has none.
    double row(int index) {
        return rows[index];
    }

    private void fill(Affine linear) {
        int i = 0;
        for (int y = window.y(); y < window.bottom(); y++) {
            for (int x = window.x(); x < window.right(); x++, i++) {
                columns[i] = linear.x(x + 0.5, y + 0.5);
                rows[i] = linear.y(x + 0.5, y + 0.5);
            }
        }
    }

    private void fill(int x, int y, int size) {
        if (x >= window.right() || y >= window.bottom() || x + size <= window.x() || y + size <= window.y()) {
            return;
        }
        double[] upperLeft = at(x, y);
        if (size == 1) {
            put(x, y, upperLeft[0], upperLeft[1]);
            return;
        }
        double[] upperRight = at(x + size, y);
        double[] lowerLeft = at(x, y + size);
        double[] lowerRight = at(x + size, y + size);
        double[] middle = at(x + size / 2.0, y + size / 2.0);
        boolean flat = true;
        for (int axis = 0; axis < 2; axis++) {
            double mean = (upperLeft[axis] + upperRight[axis] + lowerLeft[axis] + lowerRight[axis]) / 4;
            // Written so that NaN fails: where a system ends, every pixel is asked.
            flat &= Math.abs(mean - middle[axis]) <= TOLERANCE;
        }
        if (!flat) {
            int half = size / 2;
            fill(x, y, half);
            fill(x + half, y, half);
            fill(x, y + half, half);
            fill(x + half, y + half, half);
            return;
        }
        int right = Math.min(x + size, window.right());
        int bottom = Math.min(y + size, window.bottom());
        for (int row = Math.max(y, window.y()); row < bottom; row++) {
            double v = (double) (row - y) / size;
            double leftColumn = mix(upperLeft[0], lowerLeft[0], v);
            double rightColumn = mix(upperRight[0], lowerRight[0], v);
            double leftRow = mix(upperLeft[1], lowerLeft[1], v);
            double rightRow = mix(upperRight[1], lowerRight[1], v);
            for (int column = Math.max(x, window.x()); column < right; column++) {
                double u = (double) (column - x) / size;
                put(column, row, mix(leftColumn, rightColumn, u), mix(leftRow, rightRow, u));
            }
        }
    }

    private double[] at(double x, double y) {
        return map.apply(x + 0.5, y + 0.5);
    }

    private void put(int x, int y, double column, double row) {
        int i = (y - window.y()) * window.width() + x - window.x();
        columns[i] = column;
        rows[i] = row;
    }

    private static double mix(double from, double to, double share) {
        return from + share * (to - from);
    }
}
