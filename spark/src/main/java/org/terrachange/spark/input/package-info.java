/// What tasks work on, in forms that travel between machines: pairs of a catalogue, and models.
@NullMarked
package org.terrachange.spark.input;

import org.jspecify.annotations.NullMarked;
