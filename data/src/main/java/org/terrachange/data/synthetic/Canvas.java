package org.terrachange.data.synthetic;

import java.util.Arrays;
import org.terrachange.raster.Window;

/// Linear light of one window of one date's image, and the painting of shapes into it with exact partial coverage.
///
/// Coverage is computed from absolute image coordinates on four scan lines a row, exactly along each, so that
/// it does not depend on where the window begins.
final class Canvas {
    private static final int SCAN_LINES = 4;

    final Window window;
    final float[] red;
    final float[] green;
    final float[] blue;
    /// The share of sunlight that something blocks on the ground.
    final float[] shadow;

    private final Acquisition view;
    private final double metresPerPixel;
    private final float[] rowCoverage;
    private double[] crossings = new double[32];
    private float[] distances = {};

    /// Paints one pixel that a shape covers.
    @FunctionalInterface
    interface Brush {
        /// @param index of the pixel in the canvas's arrays
        /// @param x metres east of the pixel's centre on the painted surface
        /// @param y metres south
        /// @param coverage share of the pixel that the shape covers, above 0 to 1
        void paint(int index, double x, double y, float coverage);
    }

    Canvas(Window window, Acquisition view, double metresPerPixel) {
        this.window = window;
        this.view = view;
        this.metresPerPixel = metresPerPixel;
        int size = Math.toIntExact(window.area());
        red = new float[size];
        green = new float[size];
        blue = new float[size];
        shadow = new float[size];
        rowCoverage = new float[window.width()];
    }

    /// The image column at which a point at a height above the ground appears.
    double column(double x, double height) {
        return (x + height * view.leanEast() + view.shiftEast()) / metresPerPixel;
    }

    double row(double y, double height) {
        return (y + height * view.leanSouth() + view.shiftSouth()) / metresPerPixel;
    }

    /// The ground position east of which a pixel column shows a surface at a height.
    double groundX(double column, double height) {
        return column * metresPerPixel - view.shiftEast() - height * view.leanEast();
    }

    double groundY(double row, double height) {
        return row * metresPerPixel - view.shiftSouth() - height * view.leanSouth();
    }

    /// The ground that the window shows.
    Bounds ground() {
        return new Bounds(
                groundX(window.x(), 0),
                groundY(window.y(), 0),
                groundX(window.right(), 0),
                groundY(window.bottom(), 0));
    }

    double metresPerPixel() {
        return metresPerPixel;
    }

    void blend(int index, float[] colour, float share) {
        red[index] += share * (colour[0] - red[index]);
        green[index] += share * (colour[1] - green[index]);
        blue[index] += share * (colour[2] - blue[index]);
    }

    void shade(int index, float share) {
        shadow[index] = Math.max(shadow[index], share);
    }

    /// Fills a polygon that lies level at a height above the ground.
    void fill(Ring ring, double height, Brush brush) {
        double[] columns = new double[ring.size()];
        double[] rows = new double[ring.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = column(ring.x(i), height);
            rows[i] = row(ring.y(i), height);
        }
        fill(columns, rows, height, brush);
    }

    /// Fills a polygon given in image coordinates; the brush sees positions as on a level at `height`.
    void fill(double[] columns, double[] rows, double height, Brush brush) {
        double low = rows[0];
        double high = rows[0];
        double west = columns[0];
        double east = columns[0];
        for (int i = 1; i < rows.length; i++) {
            low = Math.min(low, rows[i]);
            high = Math.max(high, rows[i]);
            west = Math.min(west, columns[i]);
            east = Math.max(east, columns[i]);
        }
        int firstColumn = Math.max(window.x(), (int) Math.floor(west));
        int lastColumn = Math.min(window.right() - 1, (int) Math.floor(east));
        int firstRow = Math.max(window.y(), (int) Math.floor(low));
        int lastRow = Math.min(window.bottom() - 1, (int) Math.floor(high));
        if (firstColumn > lastColumn) {
            return;
        }
        for (int row = firstRow; row <= lastRow; row++) {
            Arrays.fill(rowCoverage, firstColumn - window.x(), lastColumn - window.x() + 1, 0);
            for (int k = 0; k < SCAN_LINES; k++) {
                cover(columns, rows, row + (k + 0.5) / SCAN_LINES, firstColumn, lastColumn);
            }
            double y = groundY(row + 0.5, height);
            for (int column = firstColumn; column <= lastColumn; column++) {
                float coverage = rowCoverage[column - window.x()];
                if (coverage > 0) {
                    int index = (row - window.y()) * window.width() + column - window.x();
                    brush.paint(index, groundX(column + 0.5, height), y, Math.min(1, coverage));
                }
            }
        }
    }

    private void cover(double[] columns, double[] rows, double y, int firstColumn, int lastColumn) {
        int count = 0;
        for (int i = 0, j = rows.length - 1; i < rows.length; j = i++) {
            if (rows[i] > y != rows[j] > y) {
                if (count == crossings.length) {
                    crossings = Arrays.copyOf(crossings, 2 * count);
                }
                crossings[count++] = columns[i] + (columns[j] - columns[i]) * (y - rows[i]) / (rows[j] - rows[i]);
            }
        }
        Arrays.sort(crossings, 0, count);
        for (int k = 0; k + 1 < count; k += 2) {
            double from = crossings[k];
            double to = crossings[k + 1];
            int start = Math.max(firstColumn, (int) Math.floor(from));
            int end = Math.min(lastColumn, (int) Math.floor(to));
            for (int column = start; column <= end; column++) {
                double covered = Math.min(to, column + 1.0) - Math.max(from, column);
                rowCoverage[column - window.x()] += (float) (covered / SCAN_LINES);
            }
        }
    }

    /// Paints a line of some width on the ground, with round joints and ends. Each pixel is painted once, however
    /// often
    /// the line bends.
    void stroke(Polyline line, double halfWidth, Brush brush) {
        double reach = halfWidth + metresPerPixel;
        Bounds bounds = line.bounds().grown(reach);
        int firstColumn = Math.max(window.x(), (int) Math.floor(column(bounds.west(), 0)));
        int lastColumn = Math.min(window.right() - 1, (int) Math.floor(column(bounds.east(), 0)));
        int firstRow = Math.max(window.y(), (int) Math.floor(row(bounds.north(), 0)));
        int lastRow = Math.min(window.bottom() - 1, (int) Math.floor(row(bounds.south(), 0)));
        if (firstColumn > lastColumn || firstRow > lastRow) {
            return;
        }
        int width = lastColumn - firstColumn + 1;
        int area = Math.multiplyExact(width, lastRow - firstRow + 1);
        if (distances.length < area) {
            distances = new float[area];
        }
        Arrays.fill(distances, 0, area, Float.MAX_VALUE);
        for (int i = 0; i + 1 < line.size(); i++) {
            int c0 = Math.max(firstColumn, (int) Math.floor(column(Math.min(line.x(i), line.x(i + 1)) - reach, 0)));
            int c1 = Math.min(lastColumn, (int) Math.floor(column(Math.max(line.x(i), line.x(i + 1)) + reach, 0)));
            int r0 = Math.max(firstRow, (int) Math.floor(row(Math.min(line.y(i), line.y(i + 1)) - reach, 0)));
            int r1 = Math.min(lastRow, (int) Math.floor(row(Math.max(line.y(i), line.y(i + 1)) + reach, 0)));
            for (int row = r0; row <= r1; row++) {
                double y = groundY(row + 0.5, 0);
                for (int column = c0; column <= c1; column++) {
                    float square = (float) line.squaredDistance(i, groundX(column + 0.5, 0), y);
                    int at = (row - firstRow) * width + column - firstColumn;
                    if (square < distances[at]) {
                        distances[at] = square;
                    }
                }
            }
        }
        for (int row = firstRow; row <= lastRow; row++) {
            for (int column = firstColumn; column <= lastColumn; column++) {
                float square = distances[(row - firstRow) * width + column - firstColumn];
                if (square < reach * reach) {
                    double d = Math.sqrt(square);
                    double half = metresPerPixel / 2;
                    double covered = (Math.min(halfWidth, d + half) - Math.max(-halfWidth, d - half)) / metresPerPixel;
                    if (covered > 0) {
                        int index = (row - window.y()) * window.width() + column - window.x();
                        brush.paint(
                                index, groundX(column + 0.5, 0), groundY(row + 0.5, 0), (float) Math.min(1, covered));
                    }
                }
            }
        }
    }

    /// Calls the brush for every pixel of the window inside a rectangle at a height, with coverage 1.
    void scan(Bounds bounds, double height, Brush brush) {
        int firstColumn = Math.max(window.x(), (int) Math.floor(column(bounds.west(), height)));
        int lastColumn = Math.min(window.right() - 1, (int) Math.floor(column(bounds.east(), height)));
        int firstRow = Math.max(window.y(), (int) Math.floor(row(bounds.north(), height)));
        int lastRow = Math.min(window.bottom() - 1, (int) Math.floor(row(bounds.south(), height)));
        for (int row = firstRow; row <= lastRow; row++) {
            double y = groundY(row + 0.5, height);
            int index = (row - window.y()) * window.width() + firstColumn - window.x();
            for (int column = firstColumn; column <= lastColumn; column++) {
                brush.paint(index++, groundX(column + 0.5, height), y, 1);
            }
        }
    }
}
