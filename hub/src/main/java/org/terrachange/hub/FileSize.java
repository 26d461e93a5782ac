package org.terrachange.hub;

import java.util.OptionalLong;

/// How much is known of the length of a file that is yet to come.
public sealed interface FileSize {

    /// The length, where it is known to the byte.
    default OptionalLong exact() {
        return switch (this) {
            case Exact(long bytes) -> OptionalLong.of(bytes);
            case About _, Unknown _ -> OptionalLong.empty();
        };
    }

    /// Known to the byte.
    record Exact(long bytes) implements FileSize {
        public Exact {
            requirePositive(bytes);
        }
    }

    /// As its publisher rounds it, or as the number of weights lets expect.
    record About(long bytes) implements FileSize {
        public About {
            requirePositive(bytes);
        }
    }

    /// Not known.
    record Unknown() implements FileSize {}

    private static void requirePositive(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a file of weights has more than " + bytes + " bytes");
        }
    }
}
