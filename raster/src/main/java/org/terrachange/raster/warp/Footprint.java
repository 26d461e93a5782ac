package org.terrachange.raster.warp;

import java.util.Locale;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;

/// The ground that an image shows, in words.
final class Footprint {
    private Footprint() {}

    /// Longitudes and latitudes of a georeferenced image, the plane's coordinates of any other.
    static String of(Grid grid) {
        Affine map = grid.transform().orElse(Affine.IDENTITY);
        try {
            if (grid.crs().isPresent()) {
                Crs.Transform toWgs84 = grid.crs().get().toWgs84();
                double[] box = box(grid, (column, row) -> toWgs84.apply(map.x(column, row), map.y(column, row)));
                return String.format(
                        Locale.ROOT,
                        "longitude %.5f to %.5f, latitude %.5f to %.5f (%s)",
                        box[0],
                        box[2],
                        box[1],
                        box[3],
                        grid.crs().get().name());
            }
            return plane(grid, map);
        } catch (CrsException _) {
            return plane(grid, map) + " in " + grid.crs().map(Crs::name).orElse("no system");
        }
    }

    private static String plane(Grid grid, Affine map) {
        double[] x = {map.x(0, 0), map.x(grid.width(), 0), map.x(0, grid.height()), map.x(grid.width(), grid.height())};
        double[] y = {map.y(0, 0), map.y(grid.width(), 0), map.y(0, grid.height()), map.y(grid.width(), grid.height())};
        java.util.Arrays.sort(x);
        java.util.Arrays.sort(y);
        return String.format(Locale.ROOT, "x %.2f to %.2f, y %.2f to %.2f", x[0], x[3], y[0], y[3]);
    }

    private interface Place {
        double[] at(double column, double row) throws CrsException;
    }

    private static double[] box(Grid grid, Place place) throws CrsException {
        double[] box = {
            Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY
        };
        for (int corner = 0; corner < 4; corner++) {
            double[] position = place.at((corner & 1) * grid.width(), (corner >> 1) * grid.height());
            for (int axis = 0; axis < 2; axis++) {
                box[axis] = Math.min(box[axis], position[axis]);
                box[axis + 2] = Math.max(box[axis + 2], position[axis]);
            }
        }
        return box;
    }
}
