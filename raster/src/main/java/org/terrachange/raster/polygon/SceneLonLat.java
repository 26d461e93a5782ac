package org.terrachange.raster.polygon;

import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import org.locationtech.jts.geom.Coordinate;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;

/// From the ground coordinates of a scene to longitude and latitude on WGS 84, in degrees, without the jump
/// that projections make at 180 degrees: longitudes lie within half a turn of the middle of the scene, so those
/// of a scene on that meridian run on to 181 or -181.
///
/// @param centreLongitude longitude of the middle of the scene, -180 to 180
/// @param toWgs84 from ground coordinates to longitude and latitude
public record SceneLonLat(double centreLongitude, UnaryOperator<Coordinate> toWgs84) {

    /// For the scene on this grid.
    ///
    /// @param grid with an affine map and a coordinate reference system
    /// @throws CrsException if there is no way from that to WGS 84; later, where a point has none, wrapped in an
    ///     [UncheckedIOException]
    public static SceneLonLat of(Grid grid) throws CrsException {
        Crs.Transform transform = grid.crs()
                .orElseThrow(() -> new IllegalArgumentException("a plain picture has no longitude and latitude"))
                .toWgs84();
        return of(grid, point -> {
            try {
                double[] lonLat = transform.apply(point.x, point.y);
                return new Coordinate(lonLat[0], lonLat[1]);
            } catch (CrsException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// For the scene on this grid.
    ///
    /// @param grid with an affine map
    /// @param toWgs84 from the CRS of the grid to longitude and latitude
    public static SceneLonLat of(Grid grid, UnaryOperator<Coordinate> toWgs84) {
        Affine map = grid.transform()
                .orElseThrow(() -> new IllegalArgumentException("a plain picture has no longitude and latitude"));
        double column = grid.width() / 2.0;
        double row = grid.height() / 2.0;
        Coordinate centre = toWgs84.apply(new Coordinate(map.x(column, row), map.y(column, row)));
        return new SceneLonLat(Math.IEEEremainder(centre.x, 360), toWgs84);
    }

    /// Longitude as x and latitude as y.
    public Coordinate apply(Coordinate ground) {
        Coordinate position = toWgs84.apply(ground);
        // Half a turn to either side rounds to even, to zero turns, so the edges of a whole globe stay where they are.
        double turns = Math.rint((position.x - centreLongitude) / 360);
        return new Coordinate(position.x - 360 * turns, position.y);
    }
}
