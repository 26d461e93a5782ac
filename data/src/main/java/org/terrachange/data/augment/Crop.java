package org.terrachange.data.augment;

/// A square training sample.
///
/// @param size width and height
/// @param before 8-bit RGB, planar
/// @param after the same
/// @param change 1 where the ground changed, else 0
public record Crop(int size, byte[] before, byte[] after, byte[] change) {}
