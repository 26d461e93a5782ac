package org.terrachange.search.evaluate;

import java.util.List;

/// Captioned pairs as vectors: everything that retrieval is scored on.
///
/// @param changes one vector of length 1 a pair
/// @param texts one vector of length 1 a caption, of the same dimension
/// @param owners the pair that each caption belongs to
/// @param meanings a number for each caption; captions with equal numbers say the same thing
/// @param changed whether anything changed, for each pair
public record Gallery(List<float[]> changes, List<float[]> texts, int[] owners, int[] meanings, boolean[] changed) {

    public Gallery {
        changes = List.copyOf(changes);
        texts = List.copyOf(texts);
        if (owners.length != texts.size() || meanings.length != texts.size() || changed.length != changes.size()) {
            throw new IllegalArgumentException(texts.size() + " captions of " + changes.size() + " pairs do not fit "
                    + owners.length + " owners, " + meanings.length + " meanings and " + changed.length + " flags");
        }
        for (int owner : owners) {
            if (owner < 0 || owner >= changes.size()) {
                throw new IllegalArgumentException("a caption belongs to pair " + owner + " of " + changes.size());
            }
        }
    }

    /// The cosine similarity of a caption and a pair.
    float similarity(int text, int change) {
        float[] a = texts.get(text);
        float[] b = changes.get(change);
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
