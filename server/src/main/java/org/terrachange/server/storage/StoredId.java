package org.terrachange.server.storage;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Names of stored things: 128 random bits, which nobody can guess, as 32 hexadecimal digits, which are safe as
/// the name of a folder.
public final class StoredId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");

    private StoredId() {}

    /// A new one.
    public static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Whether a text has the form of one. Anything else must not come near the file system.
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }
}
