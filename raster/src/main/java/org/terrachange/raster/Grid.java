package org.terrachange.raster;

import java.util.Optional;

/// Where the pixels of a raster lie: how many there are and how they map to the ground.
///
/// @param width columns
/// @param height rows
/// @param transform from pixel to ground coordinates; absent for a plain picture
/// @param crs the coordinate reference system of the ground coordinates; absent where the file names none
public record Grid(int width, int height, Optional<Affine> transform, Optional<Crs> crs) {
    public Grid {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a raster needs at least one pixel, got " + width + "x" + height);
        }
    }

    /// The grid of a picture that says nothing about the ground.
    public static Grid plain(int width, int height) {
        return new Grid(width, height, Optional.empty(), Optional.empty());
    }

    /// A grid on the ground.
    public static Grid of(int width, int height, Affine transform, Crs crs) {
        return new Grid(width, height, Optional.of(transform), Optional.of(crs));
    }

    /// Whether pixels can be placed on the Earth: both an affine map and a CRS are known.
    public boolean isGeoreferenced() {
        return transform.isPresent() && crs.isPresent();
    }

    /// The window of all pixels.
    public Window window() {
        return Window.whole(width, height);
    }

    /// The grid of a part of this raster.
    public Grid crop(Window window) {
        return new Grid(window.width(), window.height(), transform.map(t -> t.shifted(window.x(), window.y())), crs);
    }

    /// Whether the two grids put every pixel at the same place: same size and CRS, and corners that differ by less
    /// than
    /// a hundredth of a pixel.
    public boolean sameAs(Grid other) {
        if (width != other.width || height != other.height || !crs.equals(other.crs)) {
            return false;
        }
        if (transform.isEmpty() || other.transform.isEmpty()) {
            return transform.isEmpty() && other.transform.isEmpty();
        }
        Affine here = transform.get();
        Affine back = other.transform.get().inverse();
        for (int corner = 0; corner < 4; corner++) {
            double column = (corner & 1) * width;
            double row = (corner >> 1) * height;
            double x = here.x(column, row);
            double y = here.y(column, row);
            if (Math.abs(back.x(x, y) - column) > 0.01 || Math.abs(back.y(x, y) - row) > 0.01) {
                return false;
            }
        }
        return true;
    }
}
