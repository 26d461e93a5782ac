/// Rasters as pictures: which bands are red, green and blue, and which pixels are missing.
@NullMarked
package org.terrachange.raster.rgb;

import org.jspecify.annotations.NullMarked;
