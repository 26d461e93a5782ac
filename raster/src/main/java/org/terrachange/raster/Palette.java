package org.terrachange.raster;

/// The colours that the samples of a palette band stand for.
public final class Palette {
    private final int[] argb;

    /// @param argb one colour an index, 8 bits each of alpha, red, green and blue from the highest to the lowest
    public Palette(int... argb) {
        this.argb = argb.clone();
    }

    /// The number of entries.
    public int size() {
        return argb.length;
    }

    /// The colour of an index as 8 bits each of alpha, red, green and blue; transparent black beyond the last entry.
    public int argb(int index) {
        return index >= 0 && index < argb.length ? argb[index] : 0;
    }
}
