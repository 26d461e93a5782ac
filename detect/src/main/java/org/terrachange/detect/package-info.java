/// Change detection: train, evaluate, and detect over a whole scene.
@NullMarked
package org.terrachange.detect;

import org.jspecify.annotations.NullMarked;
