package org.terrachange.hub.download;

import java.util.Objects;
import java.util.Optional;

/// What a server said of the file when its first byte came: what the rest must belong to.
///
/// @param url where it comes from
/// @param tag the entity tag (RFC 9110, section 8.8.3), empty where there is none
/// @param modified the date of the last change as the server writes it, empty where there is none
/// @param total bytes of the whole file, 0 where unknown
record PartState(String url, String tag, String modified, long total) {
    PartState {
        // A record that was damaged on disk may lack them.
        Objects.requireNonNull(url);
        Objects.requireNonNull(tag);
        Objects.requireNonNull(modified);
    }

    /// What to send as `If-Range` (RFC 9110, section 13.1.5). Weak tags are not allowed there.
    Optional<String> condition() {
        if (tag.startsWith("\"")) {
            return Optional.of(tag);
        }
        return modified.isEmpty() ? Optional.empty() : Optional.of(modified);
    }
}
