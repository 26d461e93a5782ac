package org.terrachange.hub;

import java.util.regex.Pattern;

/// What the registry knows of one model.
///
/// @param name how people ask for it
/// @param source where its file comes from
/// @param bytes length of the file
/// @param sha256 of the file, 64 lower-case hexadecimal digits
/// @param layout shape of the network, such as `terrachange-v1`
/// @param licence terms of use, in words
/// @param description what it is good for, in a sentence or two
public record ModelEntry(
        String name,
        WeightSource source,
        long bytes,
        String sha256,
        String layout,
        String licence,
        String description) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public ModelEntry {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a model needs a name");
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("the file of " + name + " cannot have " + bytes + " bytes");
        }
        if (!DIGEST.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "the SHA-256 of " + name + " must be 64 lower-case hexadecimal digits, got \"" + sha256 + "\"");
        }
    }
}
