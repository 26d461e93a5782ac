package org.terrachange.hub.download;

import java.io.IOException;
import java.nio.file.Path;

/// Says whether a file is what it should be by looking into it, where its SHA-256 is not known beforehand.
@FunctionalInterface
public interface ContentCheck {
    /// Accepts everything.
    ContentCheck NONE = _ -> {};

    /// @throws IOException if it is something else; the message begins with the file and goes on with what it is
    void check(Path file) throws IOException;
}
