package org.terrachange.search.archive;

import java.util.Optional;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Geometry;
import org.terrachange.raster.Window;

/// What is known of one window of a pair once both networks have seen it.
///
/// @param window in pixels of the pair's common grid
/// @param footprint on the ground, longitude and latitude, where that is known
/// @param changedFraction share of its valid pixels, 0 to 1
/// @param changedArea in square metres, where the size of a pixel is known
/// @param outlines of what changed: longitude and latitude, or pixels of the scene where it has no place
/// @param embedding of the pair of windows, of length 1
record EmbeddedWindow(
        Window window,
        Optional<Geometry> footprint,
        double changedFraction,
        OptionalDouble changedArea,
        Geometry outlines,
        float[] embedding) {}
