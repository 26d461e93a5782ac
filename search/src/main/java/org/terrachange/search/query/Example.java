package org.terrachange.search.query;

/// A change that others should be like.
public sealed interface Example {
    /// One of the index; it is no hit of itself.
    ///
    /// @param id that hits show
    record Indexed(String id) implements Example {}

    /// Any other.
    ///
    /// @param before location of the earlier image
    /// @param after location of the later image
    record Pair(String before, String after) implements Example {}
}
