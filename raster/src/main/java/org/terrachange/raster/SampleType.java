package org.terrachange.raster;

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
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
