package org.terrachange.data.synthetic;

/// A tree or bush.
///
/// @param position of its trunk
/// @param radius of its crown, metres
/// @param height metres
/// @param evergreen whether it keeps its leaves
/// @param presence on which dates it stands
/// @param seed of its shape and colour
record Tree(Point position, float radius, float height, boolean evergreen, Presence presence, int seed) {}
