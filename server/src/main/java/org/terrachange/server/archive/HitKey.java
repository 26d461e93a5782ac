package org.terrachange.server.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The name of a change in addresses: its id in the archive, which may hold any characters, in the letters,
/// digits, hyphens and underscores of base64url (RFC 4648).
final class HitKey {
    private HitKey() {}

    static String of(String id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    /// The id behind a key; empty where it is none.
    static Optional<String> id(String key) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(key);
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
