package org.terrachange.nn.change;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.terrachange.nn.transformer.Layers;

/// The published change encoders by name. All parameters are named `change.*`.
public enum ChangeStrategy {
    /// After minus before.
    DIFFERENCE("difference"),
    /// Before, after and their difference, through a perceptron.
    CONCAT("concat"),
    /// Before and after, through a perceptron.
    LEARNED("learned"),
    /// The patches of each date attend to those of the other.
    CROSS_ATTENTION("cross_attn"),
    /// Frequency, space, time: low and high spatial frequencies of the patches apart.
    FREQUENCY("fst");

    private final String label;

    ChangeStrategy(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /// Puts the encoder together.
    ///
    /// @param embedDim width of the joint space, a multiple of 4
    /// @param layers trainable or prepared for inference
    public ChangeEncoder build(int embedDim, Layers layers) {
        if (embedDim < 4 || embedDim % 4 != 0) {
            throw new IllegalArgumentException(
                    "change encoders take a joint space whose width is a multiple of 4, got " + embedDim);
        }
        return switch (this) {
            case DIFFERENCE -> new DifferenceEncoder(embedDim, layers);
            case CONCAT -> new ConcatEncoder(embedDim, layers);
            case LEARNED -> new LearnedEncoder(embedDim, layers);
            case CROSS_ATTENTION -> new CrossAttentionEncoder(embedDim, layers);
            case FREQUENCY -> new FrequencyEncoder(embedDim, layers);
        };
    }

    /// The strategy of this name.
    ///
    /// @throws IllegalArgumentException for an unknown one
    public static ChangeStrategy parse(String name) {
        for (ChangeStrategy strategy : values()) {
            if (strategy.label.equals(name.toLowerCase(Locale.ROOT))) {
                return strategy;
            }
        }
        throw new IllegalArgumentException("unknown strategy \"" + name + "\": choose "
                + Arrays.stream(values()).map(ChangeStrategy::label).collect(Collectors.joining(", ")));
    }
}
