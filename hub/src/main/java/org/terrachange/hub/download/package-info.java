/// Gets one file over an unreliable network into a part file that survives whatever breaks.
@NullMarked
package org.terrachange.hub.download;

import org.jspecify.annotations.NullMarked;
