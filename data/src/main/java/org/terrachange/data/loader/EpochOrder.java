package org.terrachange.data.loader;

/// The order in which the examples of a data set are visited, another one every epoch: a permutation that can be
/// entered anywhere and needs no memory, made by walking a Feistel network over the next power of four until it
/// lands inside (cycle walking).
///
/// @param size number of examples, at least 1
/// @param seed what the orders depend on
public record EpochOrder(int size, long seed) {
    public EpochOrder {
        if (size < 1) {
            throw new IllegalArgumentException("an order needs at least one example, got " + size);
        }
    }

    /// Which example comes at a position of an epoch.
    ///
    /// @param epoch counted from 0
    /// @param position 0 to `size - 1`
    public int place(long epoch, int position) {
        int half = Math.max(1, (32 - Integer.numberOfLeadingZeros(Math.max(1, size - 1)) + 1) / 2);
        int mask = (1 << half) - 1;
        int value = position;
        do {
            int left = value >>> half;
            int right = value & mask;
            for (int step = 0; step < 4; step++) {
                long mixed = (seed * 31 + epoch) * 0x9E3779B97F4A7C15L + (long) step * 0xD1B54A32D192ED03L + right;
                mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
                mixed ^= mixed >>> 27;
                int next = left ^ (int) (mixed & mask);
                left = right;
                right = next;
            }
            value = left << half | right;
        } while (value >= size);
        return value;
    }
}
