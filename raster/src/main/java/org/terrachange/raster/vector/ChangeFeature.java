package org.terrachange.raster.vector;

import java.util.Optional;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Polygon;

/// One patch of change as a file holds it.
///
/// @param id 1, 2, 3, ... in the order of the last rows of the patches, then of their first pixels there
/// @param key where the first pixel of the patch is, the leftmost of its topmost row: x and y of its centre in
///     the coordinates of the [Layer]; for a plain picture its column and row. Equal in every run that finds
///     the patch, on other tiles, on a crop of the image and in another format
/// @param outline in the coordinates of the [Layer]: those of its CRS, or pixels
/// @param pixels how many pixels changed
/// @param areaSquareMetres of those pixels on the ground, before any simplification; absent for a plain picture
/// @param perimeter of those pixels, holes included: in metres where the area is known, in pixels otherwise
/// @param meanProbability of change, 0 to 1, over the pixels
/// @param maxProbability of change, 0 to 1, over the pixels
/// @param before when the first image was taken, ISO 8601, if known
/// @param after when the second image was taken, ISO 8601, if known
public record ChangeFeature(
        long id,
        String key,
        Polygon outline,
        long pixels,
        OptionalDouble areaSquareMetres,
        double perimeter,
        double meanProbability,
        double maxProbability,
        Optional<String> before,
        Optional<String> after) {}
