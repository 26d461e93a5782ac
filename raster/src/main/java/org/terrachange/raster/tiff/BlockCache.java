package org.terrachange.raster.tiff;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;

/// The blocks of all images of a file that were used last, so that reading a file row by row decodes each block once.
///
/// The arrays of blocks that make room for others are used again: blocks live just long enough to be copied by every
/// garbage collection, which would otherwise take a quarter of the time. Whoever gets a block therefore has to
/// release it.
///
/// Safe for several threads; two that miss the same block at the same moment both decode it, and either result is
/// kept.
final class BlockCache {
    /// Bytes of samples that the cache of a file holds, blocks in work included.
    static final long CAPACITY = 64L << 20;

    /// Arrays that wait to be used again; more than there are threads to use them are let go.
    private static final int MAX_SPARE = 8;

    private final long capacity;
    private final LinkedHashMap<Key, DecodedBlock> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<byte[]> spare = new ArrayDeque<>();
    private long held;
    private long reserved;

    /// @param image whose block; each image has one directory object
    /// @param number of the block in the image
    record Key(Directory image, long number) {}

    /// @param capacity bytes of samples to hold; a single block may be larger and is then held alone
    BlockCache(long capacity) {
        this.capacity = capacity;
    }

    /// A block, to be released after use.
    synchronized Optional<DecodedBlock> get(Key key) {
        DecodedBlock block = blocks.get(key);
        if (block == null) {
            return Optional.empty();
        }
        block.users++;
        return Optional.of(block);
    }

    synchronized boolean holds(Key key) {
        return blocks.containsKey(key);
    }

    /// Adds a block, which whoever adds it has to release after use.
    synchronized void put(Key key, DecodedBlock block) {
        block.users = 1;
        block.cached = true;
        DecodedBlock old = blocks.put(key, block);
        held += block.bytes();
        if (old != null) {
            drop(old);
        }
        evict(1);
    }

    /// Ends the use of a block.
    synchronized void release(DecodedBlock block) {
        block.users--;
        recycle(block);
    }

    /// An array for the samples of a block in work, filled with anything.
    synchronized byte[] array(int length) {
        for (Iterator<byte[]> arrays = spare.iterator(); arrays.hasNext(); ) {
            byte[] array = arrays.next();
            if (array.length == length) {
                arrays.remove();
                return array;
            }
        }
        return new byte[length];
    }

    /// Makes room for a block in work.
    synchronized void reserve(long bytes) {
        reserved += bytes;
        evict(0);
    }

    /// Gives back the room of a block that is no longer in work.
    synchronized void unreserve(long bytes) {
        reserved -= bytes;
    }

    private void evict(int kept) {
        Iterator<DecodedBlock> oldest = blocks.values().iterator();
        while (held + reserved > capacity && blocks.size() > kept) {
            DecodedBlock block = oldest.next();
            oldest.remove();
            drop(block);
        }
    }

    private void drop(DecodedBlock block) {
        held -= block.bytes();
        block.cached = false;
        recycle(block);
    }

    private void recycle(DecodedBlock block) {
        if (block.users == 0 && !block.cached) {
            if (spare.size() == MAX_SPARE) {
                spare.removeFirst();
            }
            if (block.bytes() <= capacity / MAX_SPARE / 2) {
                spare.addLast(block.samples());
            }
        }
    }

    synchronized void clear() {
        blocks.values().forEach(block -> block.cached = false);
        blocks.clear();
        spare.clear();
        held = 0;
    }
}
