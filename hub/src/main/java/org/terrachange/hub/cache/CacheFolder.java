package org.terrachange.hub.cache;

import java.nio.file.Path;
import java.util.Map;

/// Finds the folder for what the program can get or make again.
public final class CacheFolder {
    /// Names the folder itself.
    public static final String VARIABLE = "TERRACHANGE_HOME";

    private CacheFolder() {}

    /// `TERRACHANGE_HOME`, else `terrachange` in the folder that the XDG base directory specification gives to
    /// such files: `XDG_CACHE_HOME`, else `.cache` in the user's home. The folder need not exist.
    public static Path of(Map<String, String> environment) {
        String own = environment.getOrDefault(VARIABLE, "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        // The specification wants relative paths to be ignored.
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = !shared.isBlank() && Path.of(shared).isAbsolute()
                ? Path.of(shared)
                : Path.of(System.getProperty("user.home"), ".cache");
        return caches.resolve("terrachange");
    }
}
