package org.terrachange.raster.tiff;

import java.util.LinkedHashMap;
import java.util.Optional;

/// The blocks that were used last, so that reading a file row by row decodes each block once.
///
/// Safe for several threads; two that miss the same block at the same moment both decode it, and either result is
/// kept.
final class BlockCache {
    private final long capacity;
    private final LinkedHashMap<Long, DecodedBlock> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long held;

    /// @param capacity bytes of samples to hold; a single block may be larger and is then held alone
    BlockCache(long capacity) {
        this.capacity = capacity;
    }

    synchronized Optional<DecodedBlock> get(long number) {
        return Optional.ofNullable(blocks.get(number));
    }

    synchronized void put(long number, DecodedBlock block) {
        DecodedBlock old = blocks.put(number, block);
        held += block.bytes() - (old == null ? 0 : old.bytes());
        var oldest = blocks.entrySet().iterator();
        while (held > capacity && blocks.size() > 1) {
            held -= oldest.next().getValue().bytes();
            oldest.remove();
        }
    }

    synchronized void clear() {
        blocks.clear();
        held = 0;
    }
}
