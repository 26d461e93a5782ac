package org.terrachange.search.index;

/// A change that was found.
///
/// @param cosine of the angle between its vector and the query's, -1 to 1, in full precision
public record Hit(ChangeRecord change, double cosine) {}
