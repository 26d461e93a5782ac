/// Many queries of an archive at once.
@NullMarked
package org.terrachange.spark.query;

import org.jspecify.annotations.NullMarked;
