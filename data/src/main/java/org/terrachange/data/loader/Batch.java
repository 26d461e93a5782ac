package org.terrachange.data.loader;

/// Crops side by side, ready for a network.
///
/// @param count number of crops n
/// @param size width and height of each
/// @param before `[n, 3, size, size]`, 8-bit
/// @param after the same
/// @param change `[n, 1, size, size]`, 0 or 1
public record Batch(int count, int size, byte[] before, byte[] after, byte[] change) {}
