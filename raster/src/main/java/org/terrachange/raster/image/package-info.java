<<<<<<< HEAD
/// Pictures: PNG and JPEG files read as rasters, with the world files that place them on the ground, and pictures
/// written as PNG.
=======
/// Plain pictures, which know no ground: PNG and JPEG through the codecs of the JDK.
>>>>>>> w-write
@NullMarked
package org.terrachange.raster.image;

import org.jspecify.annotations.NullMarked;
