package org.terrachange.server.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Things that are kept for a while and may be thrown away.
public interface Shelf {

    /// One of them.
    ///
    /// @param id its name
    /// @param lastUsed when somebody last needed it
    /// @param bytes that it takes on disk
    record Item(String id, Instant lastUsed, long bytes) {}

    /// Those that may be thrown away.
    List<Item> items() throws IOException;

    /// What all of them take on disk, with those that may not be thrown away.
    long bytes() throws IOException;

    /// Throws one away; does nothing where it is gone already.
    void discard(String id) throws IOException;
}
