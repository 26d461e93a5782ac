/// One training over several processes: who takes part, what they exchange, and what becomes of a lost one.
@NullMarked
package org.terrachange.nn.distributed;

import org.jspecify.annotations.NullMarked;
