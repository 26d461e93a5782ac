package org.terrachange.search.model;

import java.util.List;

/// Whatever brings pairs of images and texts into one space.
public interface PairEmbedder {

    /// The vectors of a batch of pairs, of length 1.
    ///
    /// @param before 8-bit RGB, `[count, 3, height, width]`; resized and cut to the square that the model takes
    /// @param after the same
    List<float[]> changes(byte[] before, byte[] after, int count, int height, int width);

    /// The vectors of texts, of length 1.
    List<float[]> texts(List<String> sentences);
}
