package org.terrachange.raster.polygon;

import org.locationtech.jts.geom.Polygon;

/// One 4-connected patch of a mask: its exact outline and what the probabilities inside it say.
///
/// @param id 1, 2, 3, ... in the order in which [Polygonizer] emits patches
/// @param outline in pixel coordinates: every vertex is a corner of the outline and lies on the pixel lattice;
///     valid in the sense of JTS `IsValidOp`. The shell runs clockwise as seen on the screen, where rows count
///     downwards, which is counter-clockwise in the numbers (`Orientation.isCCW`); holes run the other way.
///     Each ring starts at its topmost, then leftmost vertex, and holes are ordered by that vertex, topmost
///     first, then leftmost
/// @param pixels how many pixels the patch has, which is also the area of `outline`
/// @param meanProbability mean over the pixels of the patch
/// @param maxProbability maximum over the pixels of the patch
public record MaskComponent(long id, Polygon outline, long pixels, double meanProbability, double maxProbability) {}
