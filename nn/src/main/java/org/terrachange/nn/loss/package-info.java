/// Losses: what training minimises.
@NullMarked
package org.terrachange.nn.loss;

import org.jspecify.annotations.NullMarked;
