/// Loading: crops to batches in a fixed order, prepared ahead of the network.
@NullMarked
package org.terrachange.data.loader;

import org.jspecify.annotations.NullMarked;
