/// Turns a mask that arrives row by row into exact, measured polygons.
///
/// [Polygonizer] traces the outlines in pixel coordinates, [GroundMeasure] tells how large they are on the
/// Earth and [PolygonSimplifier] straightens their stairs. Files are the business of other packages.
@NullMarked
package org.terrachange.raster.polygon;

import org.jspecify.annotations.NullMarked;
