package org.terrachange.hub.download;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.terrachange.hub.digest.Fingerprint;

/// A file that is wanted.
///
/// @param origins where it can be had, in the order in which they are tried
/// @param part where it grows; a file beside it, with `.json` appended to the name, keeps what its server said
///     of it
/// @param bytes its length, where that is known
/// @param fingerprint what its content must match
/// @param check looks into it where the fingerprint is unknown
public record Download(
        List<Origin> origins, Path part, OptionalLong bytes, Fingerprint fingerprint, ContentCheck check) {
    public Download {
        origins = List.copyOf(origins);
    }
}
