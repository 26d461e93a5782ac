/// Pictures: PNG and JPEG files read as rasters, with the small files beside them that place them on the ground, and
/// pictures written as PNG.
@NullMarked
package org.terrachange.raster.image;

import org.jspecify.annotations.NullMarked;
