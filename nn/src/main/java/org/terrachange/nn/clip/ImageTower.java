package org.terrachange.nn.clip;

import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.Parameter;

/// The half of a model that brings images into the joint space.
public interface ImageTower {

    /// The features of a batch.
    ///
    /// @param images `[n, 3, h, w]`, normalised as the weights expect, of the size that the tower takes, in any
    ///     [org.terrachange.nn.tensor.Precision]
    /// @return in the format of `images`; belongs to the caller's pointer scope
    /// @throws IllegalArgumentException for images of another shape
    default ImageFeatures features(Tensor images, Mode mode) {
        Tensor trunk = trunk(images, mode);
        ImageFeatures features = head(trunk);
        trunk.close();
        return features;
    }

    /// The part that holds nearly all of the tower's weights. Where those are frozen, what it says of an image
    /// never changes and may be kept.
    ///
    /// @param images as [#features] takes them
    /// @return `[n, ...]`, for [#head]; belongs to the caller's pointer scope
    Tensor trunk(Tensor images, Mode mode);

    /// The rest: normalisation and projection into the joint space.
    ///
    /// @param trunk what [#trunk] said of `n` images
    ImageFeatures head(Tensor trunk);

    /// Whether a parameter belongs to the trunk.
    boolean isTrunk(Parameter parameter);

    /// Width of the joint space.
    int embedDim();
}
