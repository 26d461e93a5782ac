package org.terrachange.hub.cache;

import org.terrachange.hub.digest.Sha256;

/// What a name stood for when it was first downloaded; it must stand for the same ever after.
///
/// @param sha256 of the file
/// @param source where it came from
/// @param date of that download, ISO 8601
public record Pin(String sha256, long bytes, String source, String date) {
    public Pin {
        digest(sha256);
    }

    public Sha256 digest() {
        return digest(sha256);
    }

    private static Sha256 digest(String hex) {
        return new Sha256(hex);
    }
}
