/// Results of tasks on disk: folders that appear whole, under names that no repeated attempt changes.
@NullMarked
package org.terrachange.spark.output;

import org.jspecify.annotations.NullMarked;
