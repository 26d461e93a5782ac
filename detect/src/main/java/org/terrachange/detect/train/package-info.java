/// Training: from labelled pairs to a change detector, resumable at every step.
@NullMarked
package org.terrachange.detect.train;

import org.jspecify.annotations.NullMarked;
