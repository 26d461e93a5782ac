/// Augmentation: from a labelled pair to a training crop, as a pure function of a seed.
@NullMarked
package org.terrachange.data.augment;

import org.jspecify.annotations.NullMarked;
