package org.terrachange.nn.clip;

import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.layer.Mode;

/// The half of a model that brings images into the joint space.
public interface ImageTower {

    /// The features of a batch.
    ///
    /// @param images `[n, 3, h, w]`, normalised as the weights expect, of the size that the tower takes, in any
    ///     [org.terrachange.nn.tensor.Precision]
    /// @return in the format of `images`; belongs to the caller's pointer scope
    /// @throws IllegalArgumentException for images of another shape
    ImageFeatures features(Tensor images, Mode mode);

    /// Width of the joint space.
    int embedDim();
}
