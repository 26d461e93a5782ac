package org.terrachange.hub;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.terrachange.hub.download.Origin;

/// A place that has files of models under their names and is asked before their publishers.
///
/// @param base a folder, or an address that names of files are appended to
record Mirror(Origin base) {

    /// @param text an address that begins with `https://` or `http://`, else a folder
    /// @throws IllegalArgumentException if it is neither
    static Mirror parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://") || lower.startsWith("http://")) {
            return new Mirror(new Origin.Web(URI.create(text.endsWith("/") ? text : text + "/")));
        }
        try {
            return new Mirror(new Origin.Local(
                    lower.startsWith("file:")
                            ? Path.of(URI.create(text))
                            : Path.of(text).toAbsolutePath()));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + text + "\" is neither an address nor a folder", e);
        }
    }

    /// Where it has the file of this name, if it has it.
    Origin origin(String file) {
        return switch (base) {
            case Origin.Web(URI url) -> new Origin.Web(url.resolve(file));
            case Origin.Local(Path folder) -> new Origin.Local(folder.resolve(file));
        };
    }

    /// Whether it can be used without a network.
    boolean isLocal() {
        return base instanceof Origin.Local;
    }
}
