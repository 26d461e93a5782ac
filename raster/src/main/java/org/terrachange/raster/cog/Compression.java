package org.terrachange.raster.cog;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How tiles are packed, chosen by its published name.
public enum Compression {

    /// Deflate in a zlib wrapper: what every reader knows.
    DEFLATE(8, 1, 9, 6),

    /// Zstandard: smaller and several times faster at equal size, for readers with GDAL 2.3 or later.
    ZSTD(50000, 1, 22, 9),

    /// Lempel, Ziv and Welch: for old readers.
    LZW(5, 0, 0, 0),

    /// Not at all: for files that are read in place or packed by the file system.
    NONE(1, 0, 0, 0);

    private final int code;
    private final int lowestLevel;
    private final int highestLevel;
    private final int defaultLevel;

    Compression(int code, int lowestLevel, int highestLevel, int defaultLevel) {
        this.code = code;
        this.lowestLevel = lowestLevel;
        this.highestLevel = highestLevel;
        this.defaultLevel = defaultLevel;
    }

    /// The value of the field Compression of TIFF.
    int code() {
        return code;
    }

    /// The least effort; 0, like all levels, where there is nothing to choose.
    public int lowestLevel() {
        return lowestLevel;
    }

    /// The most effort.
    public int highestLevel() {
        return highestLevel;
    }

    /// The effort that GDAL makes unless told otherwise.
    public int defaultLevel() {
        return defaultLevel;
    }

    /// The name by which people choose it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The compression with this name, in any case.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Compression parse(String name) {
        return Arrays.stream(values())
                .filter(value -> value.label().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no compression; choose one of "
                        + Arrays.stream(values()).map(Compression::label).collect(Collectors.joining(", "))));
    }
}
