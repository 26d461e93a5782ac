/// Rasters as pictures: which bands are red, green and blue, which pixels are missing, and how values become
/// brightness.
@NullMarked
package org.terrachange.raster.rgb;

import org.jspecify.annotations.NullMarked;
