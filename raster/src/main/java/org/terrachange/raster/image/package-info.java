/// Plain pictures, PNG and JPEG, and the world files that put a picture on the ground.
@NullMarked
package org.terrachange.raster.image;

import org.jspecify.annotations.NullMarked;
