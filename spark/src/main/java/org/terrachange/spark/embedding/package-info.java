/// An archive in shards: vectors of a catalogue's windows as tables and as indexes, one task a shard.
@NullMarked
package org.terrachange.spark.embedding;

import org.jspecify.annotations.NullMarked;
