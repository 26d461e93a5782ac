package org.terrachange.raster;

/// The affine map from pixel coordinates to ground coordinates, coefficients in the order that rasterio uses:
/// `x = a * column + b * row + c`, `y = d * column + e * row + f`.
///
/// Pixel coordinates are continuous: (0, 0) is the upper left corner of the first pixel, (0.5, 0.5) its centre.
/// Ground coordinates are in the units of the CRS.
public record Affine(double a, double b, double c, double d, double e, double f) {

    /// The map of an image that lies on no ground: one unit a pixel, rows counted downwards.
    public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

    public Affine {
        if (a * e - b * d == 0 || !Double.isFinite(a * e - b * d)) {
            throw new IllegalArgumentException("the affine map [" + a + ", " + b + ", " + c + ", " + d + ", " + e + ", "
                    + f + "] is singular: pixels would have no area");
        }
    }

    /// A north-up grid with its upper left corner at (`west`, `north`).
    public static Affine northUp(double west, double north, double pixelWidth, double pixelHeight) {
        return new Affine(pixelWidth, 0, west, 0, -pixelHeight, north);
    }

    /// From the order that GDAL uses: c, a, b, f, d, e.
    public static Affine ofGdal(double... t) {
        return new Affine(t[1], t[2], t[0], t[4], t[5], t[3]);
    }

    /// Ground x of a pixel position.
    public double x(double column, double row) {
        return a * column + b * row + c;
    }

    /// Ground y of a pixel position.
    public double y(double column, double row) {
        return d * column + e * row + f;
    }

    /// The map from ground coordinates back to pixel coordinates.
    public Affine inverse() {
        double det = a * e - b * d;
        return new Affine(e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det);
    }

    /// The map that applies `first` and then this one.
    public Affine after(Affine first) {
        return new Affine(
                a * first.a + b * first.d,
                a * first.b + b * first.e,
                x(first.c, first.f),
                d * first.a + e * first.d,
                d * first.b + e * first.e,
                y(first.c, first.f));
    }

    /// This map for a raster whose first pixel is (`column`, `row`) of the present one.
    public Affine shifted(double column, double row) {
        return new Affine(a, b, x(column, row), d, e, y(column, row));
    }

    /// This map for a raster whose pixels are `horizontal` and `vertical` times as large.
    public Affine scaled(double horizontal, double vertical) {
        return new Affine(a * horizontal, b * vertical, c, d * horizontal, e * vertical, f);
    }

    /// Length of one step to the right, in CRS units.
    public double pixelWidth() {
        return Math.hypot(a, d);
    }

    /// Length of one step down, in CRS units.
    public double pixelHeight() {
        return Math.hypot(b, e);
    }

    /// Whether columns run east and rows run south, as most rasters do.
    public boolean isNorthUp() {
        return b == 0 && d == 0 && a > 0 && e < 0;
    }
}
