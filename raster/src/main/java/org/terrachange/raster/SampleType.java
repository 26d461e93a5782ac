package org.terrachange.raster;

import java.util.Locale;
import java.util.OptionalDouble;

/// The number format of one sample, named as GDAL, rasterio and NumPy name it.
public enum SampleType {
    UINT8(1, false),
    INT8(1, false),
    UINT16(2, false),
    INT16(2, false),
    UINT32(4, false),
    INT32(4, false),
    UINT64(8, false),
    INT64(8, false),
    FLOAT32(4, true),
    FLOAT64(8, true);

    private final int bytes;
    private final boolean floating;

    SampleType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /// Bytes a sample takes.
    public int bytes() {
        return bytes;
    }

    /// Whether samples have fractions.
    public boolean isFloating() {
        return floating;
    }

    /// The name in lower case, as rasterio and NumPy write it: `uint8`, `float32`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The value that marks missing samples, as GDAL stores it: as text, and for floats often printed with more or
    /// fewer digits than a float holds.
    ///
    /// @return nothing where the text is blank
    /// @throws NumberFormatException if it is no number
    public OptionalDouble nodata(String stored) {
        String text = stored.strip();
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "-nan", "+nan" -> Double.NaN;
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
        return OptionalDouble.of(this == FLOAT32 ? (float) value : value);
    }
}
