package org.terrachange.nn.change;

import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.clip.ImageFeatures;

/// Makes one vector of the joint space, comparable with those of texts, of what an image tower says of two
/// dates. Every encoder tells before from after: swapping the dates gives another vector.
///
/// The vector is defined for identical dates too. It is then what the encoder has learned to say where nothing
/// changed: for `difference` one learned direction, for the others a function of the scene.
public sealed interface ChangeEncoder
        permits DifferenceEncoder, ConcatEncoder, LearnedEncoder, CrossAttentionEncoder, FrequencyEncoder {

    /// The changes of a batch of pairs.
    ///
    /// @param before features of the earlier images
    /// @param after features of the later ones, in the same order and of the same shape
    /// @return `[n, d]`, float32, of length 1; belongs to the caller's pointer scope
    /// @throws IllegalArgumentException where the two differ in shape
    Tensor forward(ImageFeatures before, ImageFeatures after);

    /// The published name and parameters.
    ChangeStrategy strategy();
}
