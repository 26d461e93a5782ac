/// Labelled image pairs in folders: which files belong together, and their pixels.
@NullMarked
package org.terrachange.data.pairs;

import org.jspecify.annotations.NullMarked;
