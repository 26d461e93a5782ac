/// Trained change detectors: a network with the card that says how to use it, on disk and in memory.
@NullMarked
package org.terrachange.detect.model;

import org.jspecify.annotations.NullMarked;
