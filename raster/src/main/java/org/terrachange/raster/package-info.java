/// Pixels on the ground: open any image by window, know its grid, write results onto the same grid.
///
/// This package holds what every format shares (grids, windows, blocks of pixels, the source contract);
/// the packages below it hold one format family each. Nothing here knows of networks.
@NullMarked
package org.terrachange.raster;

import org.jspecify.annotations.NullMarked;
