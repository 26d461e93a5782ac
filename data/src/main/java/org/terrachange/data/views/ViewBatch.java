package org.terrachange.data.views;

/// Two views of each of several things.
///
/// @param count number of things
/// @param size width and height of a view
/// @param first one view of each, 8-bit RGB, `[count, 3, size, size]`
/// @param second the other views in the same order
public record ViewBatch(int count, int size, byte[] first, byte[] second) {}
