package org.terrachange.hub;

import java.util.regex.Pattern;
import org.terrachange.hub.digest.Fingerprint;

/// What the registry knows of one model.
///
/// @param name how people ask for it
/// @param source where its file comes from
/// @param size length of the file
/// @param fingerprint SHA-256 of the file; known to the last digit for bundled models
/// @param task what it is for
/// @param layout shape of the network or names of its weights, such as `terrachange-v1`
/// @param normalization how 8-bit colours become its input, in words
/// @param licence terms of use, in words
/// @param description what it is good for, in a sentence or two
public record ModelEntry(
        String name,
        WeightSource source,
        FileSize size,
        Fingerprint fingerprint,
        ModelTask task,
        String layout,
        String normalization,
        String licence,
        String description) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public ModelEntry {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a model's name consists of small letters, digits, dots and hyphens, got \"" + name + "\"");
        }
        boolean sure = fingerprint instanceof Fingerprint.Exact && size instanceof FileSize.Exact;
        if (source instanceof WeightSource.Bundled && !sure) {
            throw new IllegalArgumentException(
                    "the length and SHA-256 of " + name + " must be known, since it comes with the program");
        }
    }
}
