package org.terrachange.data.retrieval;

import java.util.List;

/// Captioned pairs side by side, ready for a network.
///
/// @param count number of pairs n
/// @param size width and height of each image
/// @param before `[n, 3, size, size]`, 8-bit
/// @param after the same
/// @param sentences one for each pair
/// @param groups one number for each pair: captions of equal numbers say the same, so that none of them is a wrong
///     answer to another. All captions of unchanged pairs share the number 0
/// @param pairs which pair of the stream each row shows, 0 to [RetrievalStream#length] - 1; a pair stands in a batch
///     twice only where the batch reaches into the next epoch
public record RetrievalBatch(
        int count, int size, byte[] before, byte[] after, List<String> sentences, long[] groups, int[] pairs) {
    public RetrievalBatch {
        sentences = List.copyOf(sentences);
    }
}
