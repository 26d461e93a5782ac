package org.terrachange.search.index;

/// A change with its vector, ready to be indexed.
///
/// @param change what is known of it
/// @param embedding its vector, of length 1; not copied
public record EmbeddedChange(ChangeRecord change, float[] embedding) {
    private static final double LENGTH_TOLERANCE = 1e-3;

    public EmbeddedChange {
        double squares = 0;
        for (float value : embedding) {
            squares += (double) value * value;
        }
        if (!(Math.abs(squares - 1) <= 2 * LENGTH_TOLERANCE)) {
            throw new IllegalArgumentException(
                    change.id() + ": its vector must have length 1, got " + Math.sqrt(squares));
        }
    }
}
