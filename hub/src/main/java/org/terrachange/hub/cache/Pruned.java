package org.terrachange.hub.cache;

import java.nio.file.Path;

/// Something in the cache that nobody needs.
///
/// @param path a file or a folder
/// @param bytes that it takes
/// @param reason why it is not needed, a few words
public record Pruned(Path path, long bytes, String reason) {}
