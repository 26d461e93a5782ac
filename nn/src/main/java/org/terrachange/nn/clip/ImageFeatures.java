package org.terrachange.nn.clip;

import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.transformer.Shapes;

/// What an image tower says of a batch of images. The tensors belong to the pointer scope in which they were made.
///
/// @param pooled `[n, d]`, one vector an image in the joint space, of any length
/// @param tokens `[n, rows * columns, d]`, one vector a patch in the same space, row by row from the north-west
/// @param rows patches from top to bottom
/// @param columns patches from left to right
public record ImageFeatures(Tensor pooled, Tensor tokens, int rows, int columns) {
    public ImageFeatures {
        if (pooled.dim() != 2
                || tokens.dim() != 3
                || tokens.size(0) != pooled.size(0)
                || tokens.size(1) != (long) rows * columns
                || tokens.size(2) != pooled.size(1)) {
            throw new IllegalArgumentException("image features of " + rows + "x" + columns + " patches are [n, d] and"
                    + " [n, " + (long) rows * columns + ", d], got " + Shapes.of(pooled) + " and "
                    + Shapes.of(tokens));
        }
    }

    /// Features from one tensor.
    ///
    /// @param sequence `[n, 1 + rows * columns, d]`: the pooled vector, then the patches
    static ImageFeatures ofSequence(Tensor sequence, int rows, int columns) {
        long patches = (long) rows * columns;
        return new ImageFeatures(sequence.select(1, 0), sequence.narrow(1, 1, patches), rows, columns);
    }

    /// Number of images.
    public long count() {
        return pooled.size(0);
    }

    /// Width of the joint space.
    public long width() {
        return pooled.size(1);
    }

    /// The features of `count` images from the one numbered `first`, over the same memory: both dates of many
    /// pairs can pass the tower as one batch and be told apart afterwards.
    public ImageFeatures images(long first, long count) {
        return new ImageFeatures(pooled.narrow(0, first, count), tokens.narrow(0, first, count), rows, columns);
    }
}
