/// Scenes: detection over a pair of images of any size, tile by tile, in memory that does not grow with the
/// scene's height.
@NullMarked
package org.terrachange.detect.scene;

import org.jspecify.annotations.NullMarked;
