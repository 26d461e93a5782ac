package org.terrachange.hub.download;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/// A place that a file can be had from.
public sealed interface Origin {

    /// An address on the web. Its query is left out where it is shown, since it may hold a key.
    ///
    /// @param url `http` or `https`, with a host
    record Web(URI url) implements Origin {
        public Web {
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if ((!scheme.equals("https") && !scheme.equals("http")) || url.getHost() == null) {
                throw new IllegalArgumentException(
                        "an address starts with https:// or http:// and names a host, got \"" + url + "\"");
            }
        }

        @Override
        public String toString() {
            String text = url.toString();
            int query = text.indexOf('?');
            String shown = query < 0 ? text : text.substring(0, query);
            return url.getRawUserInfo() == null ? shown : shown.replace(url.getRawUserInfo() + "@", "");
        }
    }

    /// A file on a disk or a share.
    record Local(Path file) implements Origin {
        @Override
        public String toString() {
            return file.toString();
        }
    }
}
