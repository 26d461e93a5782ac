package org.terrachange.raster.warp;

import java.io.IOException;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.ColourBlock;
import org.terrachange.raster.rgb.ColourSource;

/// An image resampled onto another grid, window by window. The result at a place does not depend on the window
/// that it is read in.
///
/// A pixel of the result is missing where the pixel of the image that holds its centre is missing, or lies
/// beyond the image. Missing pixels have no weight in the interpolation.
public final class WarpedColours implements ColourSource {
    /// Pixels of the image that are held at a time: a window that needs more is put together from parts.
    private static final long MAX_PIXELS = 8L << 20;

    /// Grids whose pixels are this close to each other, in pixels, are not interpolated between.
    private static final double SAME_PLACE = 0.01;

    private final ColourSource image;
    private final Grid grid;
    private final PixelMap map;
    private final boolean nearest;
    private final Kernel across;
    private final Kernel down;

    /// An image on another grid; the image itself where the two are the same.
    ///
    /// @param image what is resampled
    /// @param grid the grid wanted
    /// @param map from pixels of that grid to pixels of the image
    public static ColourSource of(ColourSource image, Grid grid, PixelMap map, Interpolation interpolation)
            throws IOException {
        boolean whole = image.grid().width() == grid.width() && image.grid().height() == grid.height();
        double[] origin = map.apply(0, 0);
        return whole && keepsPixels(grid, map) && Math.abs(origin[0]) < 0.5 && Math.abs(origin[1]) < 0.5
                ? image
                : new WarpedColours(image, grid, map, interpolation);
    }

    private WarpedColours(ColourSource image, Grid grid, PixelMap map, Interpolation interpolation) throws IOException {
        double[] scale = scale(grid, map);
        ColourSource reduced = image.reduced(Math.max(1, Math.min(scale[0], scale[1])));
        double columns = (double) reduced.grid().width() / image.grid().width();
        double rows = (double) reduced.grid().height() / image.grid().height();
        this.image = reduced;
        this.grid = grid;
        this.map = columns == 1 && rows == 1 ? map : map.scaledTo(columns, rows);
        nearest = interpolation == Interpolation.NEAREST || keepsPixels(grid, this.map);
        across = new Kernel(interpolation, scale[0] * columns);
        down = new Kernel(interpolation, scale[1] * rows);
    }

    /// Width and height of a pixel of the grid in pixels of the image, in the middle of the grid.
    private static double[] scale(Grid grid, PixelMap map) {
        double column = grid.width() / 2.0;
        double row = grid.height() / 2.0;
        double[] here = map.apply(column, row);
        double[] right = map.apply(column + 1, row);
        double[] below = map.apply(column, row + 1);
        double[] scale = {
            Math.hypot(right[0] - here[0], below[0] - here[0]), Math.hypot(right[1] - here[1], below[1] - here[1])
        };
        for (int i = 0; i < 2; i++) {
            scale[i] = Double.isFinite(scale[i]) && scale[i] > 0 ? scale[i] : 1;
        }
        return scale;
    }

    /// Whether every pixel of the grid is a pixel of the image, to within a hundredth of a pixel.
    private static boolean keepsPixels(Grid grid, PixelMap map) {
        if (!(map instanceof PixelMap.Linear(Affine linear))) {
            return false;
        }
        for (int corner = 0; corner < 4; corner++) {
            double column = (corner & 1) * grid.width();
            double row = (corner >> 1) * grid.height();
            double right = linear.x(column, row) - column;
            double lower = linear.y(column, row) - row;
            if (Math.abs(right - Math.rint(linear.c())) > SAME_PLACE
                    || Math.abs(lower - Math.rint(linear.f())) > SAME_PLACE) {
                return false;
            }
        }
        return true;
    }

    /// Whether values are computed from several pixels; otherwise each is that of one pixel of the image.
    public boolean interpolates() {
        return !nearest;
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public boolean isEightBit() {
        return image.isEightBit();
    }

    @Override
    public ColourBlock read(Window window) throws IOException {
        ColourBlock result = ColourBlock.empty(window);
        fill(window, result);
        return result;
    }

    private void fill(Window part, ColourBlock result) throws IOException {
        Positions positions = Positions.of(part, map);
        long[] box = box(part, positions);
        if (box[0] >= box[2] || box[1] >= box[3]) {
            return;
        }
        long pixels = (box[2] - box[0]) * (box[3] - box[1]);
        if (pixels > MAX_PIXELS && part.area() > 1) {
            boolean wide = part.width() >= part.height();
            int half = (wide ? part.width() : part.height()) / 2;
            fill(new Window(part.x(), part.y(), wide ? half : part.width(), wide ? part.height() : half), result);
            fill(
                    wide
                            ? new Window(part.x() + half, part.y(), part.width() - half, part.height())
                            : new Window(part.x(), part.y() + half, part.width(), part.height() - half),
                    result);
            return;
        }
        ColourBlock source =
                image.read(new Window((int) box[0], (int) box[1], (int) (box[2] - box[0]), (int) (box[3] - box[1])));
        boolean complete = isComplete(source);
        boolean grey = source.planes()[0] == source.planes()[1] && source.planes()[1] == source.planes()[2];
        Sampler sampler = new Sampler(source, complete, grey ? 1 : 3);
        for (int y = 0; y < part.height(); y++) {
            int to = (part.y() - result.window().y() + y) * result.window().width()
                    + part.x()
                    - result.window().x();
            for (int x = 0; x < part.width(); x++) {
                int from = y * part.width() + x;
                sampler.sample(positions.column(from), positions.row(from), result, to + x);
            }
        }
    }

    /// The pixels of the image that have a weight somewhere in the window: left, top, right, bottom.
    private long[] box(Window part, Positions positions) {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < part.area(); i++) {
            double column = positions.column(i);
            double row = positions.row(i);
            if (isInside(column, row)) {
                left = Math.min(left, column);
                right = Math.max(right, column);
                top = Math.min(top, row);
                bottom = Math.max(bottom, row);
            }
        }
        Grid from = image.grid();
        return new long[] {
            Math.max(0, (long) Math.floor(left - across.reach() - 1)),
            Math.max(0, (long) Math.floor(top - down.reach() - 1)),
            Math.min(from.width(), (long) Math.ceil(right + across.reach() + 1)),
            Math.min(from.height(), (long) Math.ceil(bottom + down.reach() + 1))
        };
    }

    private boolean isInside(double column, double row) {
        return column >= 0
                && row >= 0
                && column < image.grid().width()
                && row < image.grid().height();
    }

    private static boolean isComplete(ColourBlock block) {
        for (boolean missing : block.missing()) {
            if (missing) {
                return false;
            }
        }
        return true;
    }

    /// Interpolates inside one block of the image.
    private final class Sampler {
        private final ColourBlock source;
        private final boolean complete;
        private final int colours;
        private final float[] weights = new float[across.taps()];

        Sampler(ColourBlock source, boolean complete, int colours) {
            this.source = source;
            this.complete = complete;
            this.colours = colours;
        }

        void sample(double column, double row, ColourBlock result, int to) {
            if (!isInside(column, row)) {
                return;
            }
            Window window = source.window();
            int centre = ((int) row - window.y()) * window.width() + (int) column - window.x();
            if (source.missing()[centre]) {
                return;
            }
            result.missing()[to] = false;
            if (nearest) {
                for (int colour = 0; colour < 3; colour++) {
                    result.planes()[colour][to] = source.planes()[colour][centre];
                }
            } else {
                interpolate(column - window.x(), row - window.y(), result, to, centre);
            }
        }

        private void interpolate(double column, double row, ColourBlock result, int to, int centre) {
            int width = source.window().width();
            int left = Math.max(0, across.first(column));
            int right = Math.min(width - 1, across.last(column));
            int top = Math.max(0, down.first(row));
            int bottom = Math.min(source.window().height() - 1, down.last(row));
            for (int x = left; x <= right; x++) {
                weights[x - left] = across.weight(x, column);
            }
            float red = 0;
            float green = 0;
            float blue = 0;
            float total = 0;
            float[][] planes = source.planes();
            for (int y = top; y <= bottom; y++) {
                float vertical = down.weight(y, row);
                int from = y * width;
                for (int x = left; x <= right; x++) {
                    if (complete || !source.missing()[from + x]) {
                        float weight = vertical * weights[x - left];
                        total += weight;
                        red += weight * planes[0][from + x];
                        if (colours == 3) {
                            green += weight * planes[1][from + x];
                            blue += weight * planes[2][from + x];
                        }
                    }
                }
            }
            // Where nearly all neighbours are missing, what is left of a cubic may sum to nothing.
            boolean usable = total > 1e-3f;
            result.planes()[0][to] = usable ? red / total : planes[0][centre];
            result.planes()[1][to] = colours == 1 ? result.planes()[0][to] : usable ? green / total : planes[1][centre];
            result.planes()[2][to] = colours == 1 ? result.planes()[0][to] : usable ? blue / total : planes[2][centre];
        }
    }
}
