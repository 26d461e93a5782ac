/// Change detection as one call: two images in, maps, polygons, pictures and a report out.
@NullMarked
package org.terrachange.detect;

import org.jspecify.annotations.NullMarked;
