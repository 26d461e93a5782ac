package org.terrachange.raster.register;

/// How far the later image is shifted against the earlier one.
///
/// @param right how many pixels the later image shows things further right, negative for left
/// @param down how many pixels it shows them further down, negative for up
/// @param confidence how far it stands out from every other shift, 0 to 1: 0 where another fits as well, 1
///     where it fits three times as well as the next
/// @param windows number of places with texture enough to be compared
public record Shift(double right, double down, double confidence, int windows) {
    /// From this confidence on a shift may be believed.
    public static final double TRUSTED = 0.5;

    /// Nothing could be told.
    public static final Shift UNKNOWN = new Shift(0, 0, 0, 0);

    /// Length in pixels.
    public double length() {
        return Math.hypot(right, down);
    }

    /// Whether the confidence suffices to act on it.
    public boolean isTrusted() {
        return confidence >= TRUSTED;
    }
}
