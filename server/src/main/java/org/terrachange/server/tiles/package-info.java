/// Draws the layers of a finished detection as map tiles, and reduces its probability to what a browser can hold.
@NullMarked
package org.terrachange.server.tiles;

import org.jspecify.annotations.NullMarked;
