package org.terrachange.raster.tiff;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.raster.Palette;
import org.terrachange.raster.RasterException;

/// The colours of a palette image (TIFF 6.0, section 5).
final class ColorMap {
    private static final int PALETTE_COLOR = 3;

    private ColorMap() {}

    /// The palette of an image, where it has one. The entry of the nodata value is transparent, as GDAL has it.
    ///
    /// @throws RasterException if the tag does not hold three values for every sample value
    static Optional<Palette> of(Directory directory, ImageLayout layout, OptionalDouble nodata) throws RasterException {
        if (directory.number(Directory.PHOTOMETRIC_INTERPRETATION, 1) != PALETTE_COLOR
                || !directory.has(Directory.COLOR_MAP)
                || layout.bits() > 16) {
            return Optional.empty();
        }
        List<Long> values = directory.numbers(Directory.COLOR_MAP);
        int entries = 1 << layout.bits();
        if (values.size() < 3 * entries) {
            throw directory.file().error("has a palette of " + values.size() + " values instead of " + 3 * entries);
        }
        // Some writers scale colours to 8 bits instead of 16.
        int scale = values.stream().allMatch(value -> value < 256) ? 1 : 257;
        var argb = new int[entries];
        for (int i = 0; i < entries; i++) {
            int alpha = nodata.isPresent() && nodata.getAsDouble() == i ? 0 : 255;
            argb[i] = alpha << 24
                    | level(values.get(i), scale) << 16
                    | level(values.get(entries + i), scale) << 8
                    | level(values.get(2 * entries + i), scale);
        }
        return Optional.of(new Palette(argb));
    }

    private static int level(long value, int scale) {
        return Math.clamp(value / scale, 0, 255);
    }
}
