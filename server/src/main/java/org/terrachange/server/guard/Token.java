package org.terrachange.server.guard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a request must show, and the passes that browsers get for having shown it.
///
/// Both are compared in a time that tells nothing of where they differ. A pass is a time of expiry with an
/// HMAC-SHA256 under the token (RFC 2104): the server keeps none, and a new token ends all of them.
final class Token {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PURPOSE = "terrachange browser pass ";

    /// How long a browser stays signed in.
    static final Duration PASS_LIFETIME = Duration.ofHours(12);

    private final byte[] secret;

    Token(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /// Whether a text is the token.
    boolean matches(String shown) {
        // Digests first: a comparison of texts of different length would tell the length.
        return MessageDigest.isEqual(hmac(secret), hmac(shown.getBytes(StandardCharsets.UTF_8)));
    }

    /// A pass that holds from now on for [#PASS_LIFETIME].
    String pass(Instant now) {
        long expiry = now.plus(PASS_LIFETIME).getEpochSecond();
        return expiry + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(seal(expiry));
    }

    /// Whether a text is a pass that still holds.
    boolean accepts(String pass, Instant now) {
        int dot = pass.indexOf('.');
        if (dot < 1) {
            return false;
        }
        try {
            long expiry = Long.parseLong(pass.substring(0, dot));
            byte[] shown = Base64.getUrlDecoder().decode(pass.substring(dot + 1));
            return MessageDigest.isEqual(seal(expiry), shown) && now.getEpochSecond() < expiry;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private byte[] seal(long expiry) {
        return hmac(ByteBuffer.allocate(PURPOSE.length() + Long.BYTES)
                .put(PURPOSE.getBytes(StandardCharsets.US_ASCII))
                .putLong(expiry)
                .array());
    }

    private byte[] hmac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
