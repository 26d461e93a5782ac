package org.terrachange.data.captioned;

/// How pairs become examples.
///
/// @param window width and height of the windows that larger scenes are cut into, in pixels; pairs with
///     sentences of their own are never cut
/// @param size width and height of the examples, which windows are resampled to
/// @param unchanged the share of unchanged windows of masked data sets that is kept, 0 to 1: most windows of a
///     large scene are unchanged, and few are enough to know what that looks like
/// @param seed what wording and the choice of unchanged windows depend on, beside the name of the example
public record ExampleSettings(int window, int size, double unchanged, long seed) {
    /// Windows and examples of 256 pixels, three tenths of the unchanged windows.
    public static final ExampleSettings DEFAULT = new ExampleSettings(256, 256, 0.3, 1);

    public ExampleSettings {
        if (window < 16 || window > 4096 || size < 16 || size > 4096) {
            throw new IllegalArgumentException(
                    "windows and examples have 16 to 4096 pixels a side, got " + window + " and " + size);
        }
        if (!(unchanged >= 0 && unchanged <= 1)) {
            throw new IllegalArgumentException("the share of unchanged windows is 0 to 1, got " + unchanged);
        }
    }
}
