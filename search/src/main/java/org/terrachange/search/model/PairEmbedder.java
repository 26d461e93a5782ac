package org.terrachange.search.model;

import java.util.List;

/// Whatever brings pairs of images and texts into one space.
public interface PairEmbedder {
    /// Pairs that keep the cores busy.
    int MOST_PAIRS = 16;

    /// Pixels of these at 512 a side: 25 MB for both dates.
    long MOST_PIXELS = MOST_PAIRS * 512L * 512;

    /// How many pairs of a size to ask for at a time: fewer of large ones, copies of which would fill the heap.
    ///
    /// @return 1 to [#MOST_PAIRS]
    static int atATime(int height, int width) {
        return (int) Math.clamp(MOST_PIXELS / ((long) height * width), 1, MOST_PAIRS);
    }

    /// The vectors of a batch of pairs, of length 1.
    ///
    /// @param before 8-bit RGB, `[count, 3, height, width]`; resized and cut to the square that the model takes
    /// @param after the same
    List<float[]> changes(byte[] before, byte[] after, int count, int height, int width);

    /// The vectors of texts, of length 1.
    List<float[]> texts(List<String> sentences);
}
