package org.terrachange.raster.tiff;

import java.util.LinkedHashMap;
import java.util.Optional;

/// The blocks of all images of a file that were used last, so that reading a file row by row decodes each block once.
///
/// Safe for several threads; two that miss the same block at the same moment both decode it, and either result is
/// kept.
final class BlockCache {
    /// Bytes of samples that the cache of a file holds, blocks in work included.
    static final long CAPACITY = 64L << 20;

    private final long capacity;
    private final LinkedHashMap<Key, DecodedBlock> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long held;
    private long reserved;

    /// @param image whose block; each image has one directory object
    /// @param number of the block in the image
    record Key(Directory image, long number) {}

    /// @param capacity bytes of samples to hold; a single block may be larger and is then held alone
    BlockCache(long capacity) {
        this.capacity = capacity;
    }

    synchronized Optional<DecodedBlock> get(Key key) {
        return Optional.ofNullable(blocks.get(key));
    }

    synchronized void put(Key key, DecodedBlock block) {
        DecodedBlock old = blocks.put(key, block);
        held += block.bytes() - (old == null ? 0 : old.bytes());
        evict(1);
    }

    /// Makes room for a block in work.
    synchronized void reserve(long bytes) {
        reserved += bytes;
        evict(0);
    }

    /// Gives back the room of a block that is no longer in work.
    synchronized void release(long bytes) {
        reserved -= bytes;
    }

    private void evict(int kept) {
        var oldest = blocks.entrySet().iterator();
        while (held + reserved > capacity && blocks.size() > kept) {
            held -= oldest.next().getValue().bytes();
            oldest.remove();
        }
    }

    synchronized void clear() {
        blocks.clear();
        held = 0;
    }
}
