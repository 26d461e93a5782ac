/// Images on other grids: one grid for two images, and resampling onto it window by window.
@NullMarked
package org.terrachange.raster.warp;

import org.jspecify.annotations.NullMarked;
