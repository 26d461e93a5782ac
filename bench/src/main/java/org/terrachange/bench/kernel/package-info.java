/// The parts that everything else is made of, each timed alone with JMH.
@NullMarked
package org.terrachange.bench.kernel;

import org.jspecify.annotations.NullMarked;
