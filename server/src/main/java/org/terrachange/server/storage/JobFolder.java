package org.terrachange.server.storage;

import java.nio.file.Path;

/// The files of one job.
///
/// @param root the folder; created when the job starts
public record JobFolder(Path root) {
    /// Where the products are.
    public Path results() {
        return root.resolve("results");
    }

    /// Where images are kept that the job needs as long as it exists.
    public Path inputs() {
        return root.resolve("inputs");
    }

    /// Where tiles and pictures may be kept that can be made again.
    public Path cache() {
        return root.resolve("cache");
    }
}
