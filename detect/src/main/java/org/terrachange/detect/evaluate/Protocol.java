package org.terrachange.detect.evaluate;

import java.util.Locale;

/// How the images of a test set are shown to a detector. Published figures differ by up to a point of F1 between
/// these,
/// so a figure means little without its protocol.
public enum Protocol {
    /// Non-overlapping crops of 256 pixels, each seen alone: the protocol of most published figures on LEVIR-CD.
    CROPS256,
    /// Each image whole.
    WHOLE,
    /// Each image and its mask scaled to 256x256 pixels, as the original Python application did: images by
    /// averaging, masks by their nearest pixel.
    RESIZE256;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The protocol of this name.
    ///
    /// @throws IllegalArgumentException for an unknown one
    public static Protocol parse(String name) {
        for (Protocol protocol : values()) {
            if (protocol.label().equals(name.toLowerCase(Locale.ROOT))) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("unknown protocol \"" + name + "\": choose crops256, whole or resize256");
    }
}
