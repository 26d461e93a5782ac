/// Reads the area of interest that a person drew, from a vector file, and tells which pixels of an image lie in
/// it.
@NullMarked
package org.terrachange.raster.aoi;

import org.jspecify.annotations.NullMarked;
