/// Measures how fast TerraChange is beside other programs for the same task; not shipped.
@NullMarked
package org.terrachange.bench;

import org.jspecify.annotations.NullMarked;
