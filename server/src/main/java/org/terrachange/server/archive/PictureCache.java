package org.terrachange.server.archive;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps the pictures that were asked for last, up to a number of bytes.
final class PictureCache {
    private final long capacity;
    private final Map<String, byte[]> pictures = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    /// @param capacity in bytes
    PictureCache(long capacity) {
        this.capacity = capacity;
    }

    synchronized Optional<byte[]> find(String name) {
        return Optional.ofNullable(pictures.get(name));
    }

    synchronized void keep(String name, byte[] png) {
        byte[] earlier = pictures.put(name, png);
        bytes += png.length - (earlier == null ? 0 : earlier.length);
        var oldest = pictures.entrySet().iterator();
        while (bytes > capacity && oldest.hasNext()) {
            bytes -= oldest.next().getValue().length;
            oldest.remove();
        }
    }
}
