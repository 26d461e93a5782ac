/// CLIP: towers that bring images and texts into one space, their configurations, weights and preprocessing.
@NullMarked
package org.terrachange.nn.clip;

import org.jspecify.annotations.NullMarked;
