/// How far two images of one place are shifted against each other.
@NullMarked
package org.terrachange.raster.register;

import org.jspecify.annotations.NullMarked;
