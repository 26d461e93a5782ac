/// Detection over a catalogue: every pair through the same code as one, large scenes band by band.
@NullMarked
package org.terrachange.spark.detection;

import org.jspecify.annotations.NullMarked;
