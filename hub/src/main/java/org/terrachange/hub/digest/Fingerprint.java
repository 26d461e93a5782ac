package org.terrachange.hub.digest;

import java.util.regex.Pattern;

/// How much is known of the SHA-256 of a file that is yet to come.
public sealed interface Fingerprint {

    /// Whether a file of this SHA-256 may be the one that is meant.
    boolean matches(Sha256 found);

    /// All of it is known.
    record Exact(Sha256 sha256) implements Fingerprint {
        @Override
        public boolean matches(Sha256 found) {
            return sha256.equals(found);
        }

        @Override
        public String toString() {
            return sha256.hex();
        }
    }

    /// Its first digits are known. Publishers who follow PyTorch's custom put eight of them into the file's name.
    ///
    /// @param digits 8 to 63 lower-case hexadecimal digits
    record Prefix(String digits) implements Fingerprint {
        private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{8,63}");

        public Prefix {
            if (!DIGITS.matcher(digits).matches()) {
                throw new IllegalArgumentException(
                        "the beginning of a SHA-256 has 8 to 63 lower-case hexadecimal digits, got \"" + digits + "\"");
            }
        }

        @Override
        public boolean matches(Sha256 found) {
            return found.hex().startsWith(digits);
        }

        @Override
        public String toString() {
            return digits + "...";
        }
    }

    /// The publisher has not told it.
    record Unknown() implements Fingerprint {
        @Override
        public boolean matches(Sha256 found) {
            return true;
        }

        @Override
        public String toString() {
            return "unknown";
        }
    }
}
