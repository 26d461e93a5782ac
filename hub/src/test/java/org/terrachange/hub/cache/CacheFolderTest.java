package org.terrachange.hub.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
    private static final Path USERS = Path.of(System.getProperty("user.home"), ".cache", "terrachange");

    @Test
    void theProgramsOwnVariableNamesTheFolderItself() {
        assertThat(CacheFolder.of(Map.of("TERRACHANGE_HOME", "/data/tc", "XDG_CACHE_HOME", "/caches")))
                .isEqualTo(Path.of("/data/tc").toAbsolutePath());
    }

    @Test
    void otherwiseItLiesAmongTheUsersCaches() {
        Path caches = USERS.resolveSibling("elsewhere");

        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", caches.toString())))
                .isEqualTo(caches.resolve("terrachange"));
        assertThat(CacheFolder.of(Map.of())).isEqualTo(USERS);
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "relative"))).isEqualTo(USERS);
        assertThat(CacheFolder.of(Map.of("TERRACHANGE_HOME", " "))).isEqualTo(USERS);
    }
}
