@NullMarked
package org.terrachange.server.tiles;

import org.jspecify.annotations.NullMarked;
