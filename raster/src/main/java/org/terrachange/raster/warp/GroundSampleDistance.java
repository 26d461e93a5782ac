package org.terrachange.raster.warp;

import java.util.OptionalDouble;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;

/// How large a pixel is on the ground.
public final class GroundSampleDistance {
    private static final double SEMI_MAJOR = 6_378_137;
    private static final double ECCENTRICITY_SQUARED = 0.00669437999014;

    private GroundSampleDistance() {}

    /// The side of a square with the area of the pixel in the middle of the grid, in metres on the WGS 84
    /// ellipsoid; absent where the grid lies on no ground.
    ///
    /// Map units are not taken at face value: Web Mercator shows a pixel of 0.6 m in Paris as 0.9 units wide.
    ///
    /// @throws CrsException if the CRS is unknown or does not cover the grid's middle
    public static OptionalDouble of(Grid grid) throws CrsException {
        if (!grid.isGeoreferenced()) {
            return OptionalDouble.empty();
        }
        double[][] sides = sides(grid);
        double[] right = sides[0];
        double[] below = sides[1];
        return OptionalDouble.of(Math.sqrt(Math.abs(right[0] * below[1] - right[1] * below[0])));
    }

    /// The length of a step on the ground, in metres, in the middle of the grid; absent where it lies on no ground.
    ///
    /// @param columns to the right, in pixels
    /// @param rows down, in pixels
    /// @throws CrsException if the CRS is unknown or does not cover the grid's middle
    public static OptionalDouble ofStep(Grid grid, double columns, double rows) throws CrsException {
        if (!grid.isGeoreferenced()) {
            return OptionalDouble.empty();
        }
        double[][] sides = sides(grid);
        return OptionalDouble.of(
                Math.hypot(columns * sides[0][0] + rows * sides[1][0], columns * sides[0][1] + rows * sides[1][1]));
    }

    /// How far the pixel in the middle reaches to the right and down, each in metres eastward and northward.
    private static double[][] sides(Grid grid) throws CrsException {
        Affine map = grid.transform().orElseThrow();
        Crs.Transform toWgs84 = grid.crs().orElseThrow().toWgs84();
        double column = grid.width() / 2.0;
        double row = grid.height() / 2.0;
        double[] middle = lonLat(map, toWgs84, column, row);
        return new double[][] {
            metres(middle, lonLat(map, toWgs84, column + 1, row)), metres(middle, lonLat(map, toWgs84, column, row + 1))
        };
    }

    private static double[] lonLat(Affine map, Crs.Transform toWgs84, double column, double row) throws CrsException {
        return toWgs84.apply(map.x(column, row), map.y(column, row));
    }

    /// Metres eastward and northward from one place to another close by (Snyder 1987, equations 4-18 and 4-20).
    private static double[] metres(double[] from, double[] to) {
        double sine = Math.sin(Math.toRadians(from[1]));
        double w = 1 - ECCENTRICITY_SQUARED * sine * sine;
        double primeVertical = SEMI_MAJOR / Math.sqrt(w);
        double meridian = primeVertical * (1 - ECCENTRICITY_SQUARED) / w;
        double eastward = Math.toRadians(Math.IEEEremainder(to[0] - from[0], 360));
        return new double[] {
            eastward * primeVertical * Math.cos(Math.toRadians(from[1])), Math.toRadians(to[1] - from[1]) * meridian
        };
    }
}
