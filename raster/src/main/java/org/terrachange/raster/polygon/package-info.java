/// Turns a mask that arrives row by row into exact, measured polygons.
///
/// [Polygonizer] traces the outlines in pixel coordinates. Files are the business of other packages.
@NullMarked
package org.terrachange.raster.polygon;

import org.jspecify.annotations.NullMarked;
