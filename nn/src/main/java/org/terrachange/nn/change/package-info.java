/// Change encoders: ways to make one vector of what an image tower says of two dates.
@NullMarked
package org.terrachange.nn.change;

import org.jspecify.annotations.NullMarked;
