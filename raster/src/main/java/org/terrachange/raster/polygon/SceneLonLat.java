package org.terrachange.raster.polygon;

import java.io.UncheckedIOException;
import java.util.Arrays;
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
/// @param overPole whether a pole lies inside the scene, all around which there are longitudes
public record SceneLonLat(double centreLongitude, UnaryOperator<Coordinate> toWgs84, boolean overPole) {
    private static final int WGS84 = 4326;

    /// For a scene without a pole.
    public SceneLonLat(double centreLongitude, UnaryOperator<Coordinate> toWgs84) {
        this(centreLongitude, toWgs84, false);
    }

    /// For the scene on this grid.
    ///
    /// @param grid with an affine map and a coordinate reference system
    /// @throws CrsException if there is no way from that to WGS 84; later, where a point has none, wrapped in an
    ///     [UncheckedIOException]
    public static SceneLonLat of(Grid grid) throws CrsException {
        Crs crs = grid.crs()
                .orElseThrow(() -> new IllegalArgumentException("a plain picture has no longitude and latitude"));
        Crs.Transform transform = crs.toWgs84();
        SceneLonLat away = of(grid, point -> {
            try {
                double[] lonLat = transform.apply(point.x, point.y);
                return new Coordinate(lonLat[0], lonLat[1]);
            } catch (CrsException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new SceneLonLat(away.centreLongitude, away.toWgs84, hasPole(grid, crs));
    }

    /// On a grid of longitudes and latitudes a pole is an edge and never inside, and so is the line that cylindrical
    /// projections make of it: only around a single point do longitudes run full circle.
    private static boolean hasPole(Grid grid, Crs crs) throws CrsException {
        if (crs.isGeographic()) {
            return false;
        }
        Crs.Transform transform = Crs.ofEpsg(WGS84).to(crs);
        Affine toPixels = grid.transform().orElseThrow().inverse();
        for (double latitude : new double[] {-90, 90}) {
            try {
                double[] pole = transform.apply(0, latitude);
                double[] again = transform.apply(180, latitude);
                double column = toPixels.x(pole[0], pole[1]);
                double row = toPixels.y(pole[0], pole[1]);
                boolean inside = column > 0 && column < grid.width() && row > 0 && row < grid.height();
                if (inside && Math.hypot(again[0] - pole[0], again[1] - pole[1]) * crs.metresPerUnit() < 1) {
                    return true;
                }
            } catch (CrsException _) {
                // Most projections have no place for a pole.
            }
        }
        return false;
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

    /// The positions along a line. In a scene with a pole each longitude lies within half a turn of the one before, as
    /// far around as the line leads.
    public Coordinate[] along(Coordinate[] ground) {
        Coordinate[] positions = new Coordinate[ground.length];
        for (int i = 0; i < ground.length; i++) {
            positions[i] = apply(ground[i]);
            if (overPole && i > 0) {
                double turns = Math.rint((positions[i].x - positions[i - 1].x) / 360);
                positions[i].x -= 360 * turns;
            }
        }
        return positions;
    }

    /// The positions along a closed ring, closed along the pole where it goes around one.
    public Coordinate[] ring(Coordinate[] ground) {
        Coordinate[] positions = along(ground);
        Coordinate first = positions[0];
        Coordinate last = positions[positions.length - 1];
        if (Math.abs(last.x - first.x) < 180) {
            return positions;
        }
        double pole = Math.copySign(90, first.y);
        Coordinate[] closed = Arrays.copyOf(positions, positions.length + 3);
        closed[positions.length] = new Coordinate(last.x, pole);
        closed[positions.length + 1] = new Coordinate(first.x, pole);
        closed[positions.length + 2] = new Coordinate(first);
        return closed;
    }
}
