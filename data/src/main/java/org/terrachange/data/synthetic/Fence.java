package org.terrachange.data.synthetic;

/// A garden fence or wall.
record Fence(Polyline line, double height, Presence presence) {}
