package org.terrachange.raster.warp;

/// The weights of an interpolation along one axis, tabulated: they are looked up for every pixel.
final class Kernel {
    /// Entries for a distance of one pixel. With 1024, a weight is off by less than 0.001, an 8-bit value by less
    /// than a quarter.
    private static final int STEPS = 1024;

    private final double reach;
    private final float[] table;

    /// @param scale size of a pixel of the result in pixels of the image, along this axis
    Kernel(Interpolation interpolation, double scale) {
        reach = interpolation.reach(scale);
        table = new float[(int) Math.ceil(reach * STEPS) + 2];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) interpolation.weight((double) i / STEPS, scale);
        }
    }

    double reach() {
        return reach;
    }

    /// The most pixels that have a weight at one place.
    int taps() {
        return (int) Math.ceil(2 * reach) + 1;
    }

    /// The first pixel that has a weight at a place, which may lie before the image.
    int first(double place) {
        return (int) Math.ceil(place - 0.5 - reach);
    }

    /// The last pixel that has a weight at a place, which may lie behind the image.
    int last(double place) {
        return (int) Math.floor(place - 0.5 + reach);
    }

    /// The weight of a pixel from [#first] to [#last].
    float weight(int pixel, double place) {
        return table[(int) (Math.abs(place - 0.5 - pixel) * STEPS + 0.5)];
    }
}
