package org.terrachange.hub;

import java.util.Arrays;
import java.util.stream.Collectors;

/// What a model is for.
public enum ModelTask {
    /// Finds what changed between two images: `detect --model`.
    CHANGE_DETECTION("change-detection"),

    /// Finds pairs of images by a text.
    CHANGE_SEARCH("change-search"),

    /// Makes features of an image; detectors are trained from it: `train --encoder`.
    IMAGE_ENCODER("image-encoder"),

    /// Puts images and texts into one space; search models are trained from it: `retrieval train --clip`.
    IMAGE_TEXT("image-text");

    private final String label;

    ModelTask(String label) {
        this.label = label;
    }

    /// What the registry and people call it.
    public String label() {
        return label;
    }

    /// @throws IllegalArgumentException listing the labels, if this is none of them
    static ModelTask parse(String label) {
        return Arrays.stream(values())
                .filter(task -> task.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown task \"" + label + "\": choose "
                        + Arrays.stream(values()).map(ModelTask::label).collect(Collectors.joining(", "))));
    }
}
