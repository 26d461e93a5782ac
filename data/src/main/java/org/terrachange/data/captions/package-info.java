/// Captions from geometry: English sentences that say of a change only what masks, damage polygons and plain
/// colour statistics tell.
@NullMarked
package org.terrachange.data.captions;

import org.jspecify.annotations.NullMarked;
