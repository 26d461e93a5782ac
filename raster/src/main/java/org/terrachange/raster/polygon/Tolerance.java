package org.terrachange.raster.polygon;

import java.util.Locale;

/// How far a simplified outline may lie from the exact one.
///
/// @param value not negative; 0 removes nothing
/// @param unit of `value`
public record Tolerance(double value, Unit unit) {

    /// What a tolerance counts.
    public enum Unit {
        PIXELS,
        METRES
    }

    public Tolerance {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("a tolerance must be a number of at least 0, got " + value);
        }
    }

    /// Reads `1.5px`, `2m` or a plain number of pixels.
    ///
    /// @throws IllegalArgumentException if the text is none of these
    public static Tolerance parse(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        Unit unit = trimmed.endsWith("m") ? Unit.METRES : Unit.PIXELS;
        String number = trimmed.endsWith("px")
                ? trimmed.substring(0, trimmed.length() - 2)
                : trimmed.endsWith("m") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
        try {
            return new Tolerance(Double.parseDouble(number), unit);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a tolerance; write pixels as 1.5px or metres as 2m", e);
        }
    }
}
