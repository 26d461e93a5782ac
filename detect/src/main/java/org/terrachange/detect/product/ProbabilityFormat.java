package org.terrachange.detect.product;

import java.util.Locale;

/// The number format of a probability raster.
public enum ProbabilityFormat {
    /// 0 to 254 for probabilities 0 to 1; 255 is nodata.
    UINT8,
    /// 0 to 1; -1 is nodata.
    FLOAT32;

    /// The format of this name.
    ///
    /// @throws IllegalArgumentException for an unknown one
    public static ProbabilityFormat parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "uint8" -> UINT8;
            case "float32" -> FLOAT32;
            default ->
                throw new IllegalArgumentException(
                        "unknown probability format \"" + name + "\": choose uint8 or float32");
        };
    }
}
