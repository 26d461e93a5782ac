/// Plain pictures, which know no ground: PNG and JPEG through the codecs of the JDK.
@NullMarked
package org.terrachange.raster.image;

import org.jspecify.annotations.NullMarked;
