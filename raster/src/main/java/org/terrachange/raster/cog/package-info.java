/// Writes rasters of any size as cloud-optimised GeoTIFFs, row by row in constant memory.
@NullMarked
package org.terrachange.raster.cog;

import org.jspecify.annotations.NullMarked;
