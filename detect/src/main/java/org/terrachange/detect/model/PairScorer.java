package org.terrachange.detect.model;

/// Whatever gives every pixel of a pair a score of change.
@FunctionalInterface
public interface PairScorer {

    /// The scores of a batch of pairs.
    ///
    /// @param before 8-bit RGB, `[count, 3, height, width]`
    /// @param after the same
    /// @param count number of pairs
    /// @return `[count, height, width]`, from 0 for surely unchanged to 1 for surely changed
    float[] probabilities(byte[] before, byte[] after, int count, int height, int width);
}
