package org.terrachange.raster.warp;

import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Longitude;

/// Where the pixels of one grid lie in the pixel coordinates of another.
///
/// Pixel coordinates are continuous: (0.5, 0.5) is the centre of the first pixel.
public sealed interface PixelMap {

    /// The position in the other grid.
    ///
    /// @return column and row, both NaN where one of the two systems does not cover the place
    double[] apply(double column, double row);

    /// The way from `from` to `to`. Grids that lack a CRS are taken to share the other's; two grids without an
    /// affine map have their pixels at the same place.
    ///
    /// @throws CrsException if one CRS is unknown
    static PixelMap between(Grid from, Grid to) throws CrsException {
        if (from.transform().isEmpty() || to.transform().isEmpty()) {
            return new Linear(Affine.IDENTITY);
        }
        Affine ground = from.transform().get();
        Affine target = to.transform().get();
        Affine pixels = target.inverse();
        boolean geographic = to.crs().or(from::crs).map(Crs::isGeographic).orElse(false);
        double centre = target.x(to.width() / 2.0, to.height() / 2.0);
        if (from.crs().isEmpty() || to.crs().isEmpty() || from.crs().equals(to.crs())) {
            double turns = geographic ? Longitude.turns(ground.x(from.width() / 2.0, from.height() / 2.0), centre) : 0;
            return new Linear(pixels.after(new Affine(1, 0, -turns, 0, 1, 0)).after(ground));
        }
        Crs.Transform transform = from.crs().get().to(to.crs().get());
        return new Projected(ground, geographic ? near(transform, centre) : transform, pixels);
    }

    /// Longitudes on the turn of the globe on which a grid counts.
    private static Crs.Transform near(Crs.Transform toLonLat, double centre) {
        return (x, y) -> {
            double[] place = toLonLat.apply(x, y);
            return new double[] {Longitude.near(place[0], centre), place[1]};
        };
    }

    /// The map that first moves a position by this many columns and rows.
    default PixelMap movedBy(double columns, double rows) {
        Affine move = new Affine(1, 0, columns, 0, 1, rows);
        return this instanceof Linear(Affine map)
                ? new Linear(map.after(move))
                : new Chained(move, this, Affine.IDENTITY);
    }

    /// The map to a copy of the other grid with so many times the columns and rows.
    default PixelMap scaledTo(double columns, double rows) {
        Affine scale = new Affine(columns, 0, 0, 0, rows, 0);
        return this instanceof Linear(Affine map)
                ? new Linear(scale.after(map))
                : new Chained(Affine.IDENTITY, this, scale);
    }

    /// Both grids lie in one plane.
    ///
    /// @param map from pixel coordinates to pixel coordinates
    record Linear(Affine map) implements PixelMap {
        @Override
        public double[] apply(double column, double row) {
            return new double[] {map.x(column, row), map.y(column, row)};
        }
    }

    /// The grids have different systems.
    ///
    /// @param ground from the pixels of the first to its ground
    /// @param transform from that ground to the other
    /// @param pixels from the other ground to the pixels of the second
    record Projected(Affine ground, Crs.Transform transform, Affine pixels) implements PixelMap {
        @Override
        public double[] apply(double column, double row) {
            try {
                double[] place = transform.apply(ground.x(column, row), ground.y(column, row));
                return new double[] {pixels.x(place[0], place[1]), pixels.y(place[0], place[1])};
            } catch (CrsException _) {
                return new double[] {Double.NaN, Double.NaN};
            }
        }
    }

    /// A map between two affine ones.
    ///
    /// @param first applied to the position
    /// @param map applied then
    /// @param last applied in the end
    record Chained(Affine first, PixelMap map, Affine last) implements PixelMap {
        @Override
        public double[] apply(double column, double row) {
            double[] place = map.apply(first.x(column, row), first.y(column, row));
            return new double[] {last.x(place[0], place[1]), last.y(place[0], place[1])};
        }
    }
}
