/// Training of any network: one loop over steps that can be cut off anywhere and goes on as if nothing had happened.
@NullMarked
package org.terrachange.nn.training;

import org.jspecify.annotations.NullMarked;
