package org.terrachange.data.retrieval;

import java.util.List;

/// Captioned pairs side by side, ready for a network.
///
/// @param examples what each row shows; a pair stands in a batch twice only where the batch reaches into the
///     next epoch
/// @param size width and height of each image
/// @param before `[n, 3, size, size]`, 8-bit
/// @param after the same
public record RetrievalBatch(List<RetrievalExample> examples, int size, byte[] before, byte[] after) {
    public RetrievalBatch {
        examples = List.copyOf(examples);
    }

    /// What is said of each pair.
    public List<String> sentences() {
        return examples.stream().map(RetrievalExample::sentence).toList();
    }

    /// The group of each sentence.
    public long[] groups() {
        return examples.stream().mapToLong(RetrievalExample::group).toArray();
    }

    /// Which pair of the stream each row shows.
    public int[] pairs() {
        return examples.stream().mapToInt(RetrievalExample::pair).toArray();
    }
}
