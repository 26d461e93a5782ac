/// Spark as a fleet of workers: independent tasks handed out, their answers handed back, models loaded once in
/// every process that works.
@NullMarked
package org.terrachange.spark.fleet;

import org.jspecify.annotations.NullMarked;
