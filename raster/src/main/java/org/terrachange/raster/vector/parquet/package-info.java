/// Writes tables as Parquet files, row by row in bounded memory.
///
/// Only what a table of features needs of the format: numbers, texts and bytes, required or optional, at most
/// one group deep. The usual library for it brings Hadoop along, 24 MiB of classes for these few.
@NullMarked
package org.terrachange.raster.vector.parquet;

import org.jspecify.annotations.NullMarked;
