package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.retrieval.RetrievalFiles;
import org.terrachange.data.retrieval.RetrievalWriter;

/// Brings one split of a published data set into the files that search is trained from, in one pass.
public final class RetrievalPreparation {
    private RetrievalPreparation() {}

    /// What was written.
    ///
    /// @param pairs image pairs of the data set
    /// @param samples examples written
    /// @param changed how many of them changed
    /// @param left windows left out: unchanged ones beyond the share asked for, and changes too small to describe
    public record Summary(int pairs, int samples, int changed, int left) {}

    /// Hears how far the work is.
    @FunctionalInterface
    public interface Progress {
        /// @param done pairs so far
        /// @param of all pairs
        void pair(int done, int of);
    }

    /// Writes the HDF5 and the caption file; on failure neither is left.
    ///
    /// @param name what the data set is to be called; it begins the files' names
    /// @throws IOException if the data set is incomplete or damaged or names a pair twice, or the files cannot be
    ///     written; the message names the file
    public static Summary write(
            PublishedLayout layout,
            Path root,
            String split,
            String name,
            RetrievalFiles files,
            ExampleSettings settings,
            Progress progress)
            throws IOException {
        List<CaptionedPair> pairs = layout.pairs(root, split);
        Set<String> names = new HashSet<>();
        for (CaptionedPair pair : pairs) {
            if (!names.add(pair.id())) {
                throw new DatasetException(
                        root,
                        "its split " + split + " names the pair \"" + pair.id()
                                + "\" twice; take one of the two out of the list or the captions");
            }
        }
        ExampleCutter cutter = new ExampleCutter(settings);
        int[] changed = {0};
        int left = 0;
        try (RetrievalWriter writer = RetrievalWriter.create(files, name, split, settings.size(), settings.size())) {
            for (int i = 0; i < pairs.size(); i++) {
                left += cutter.cut(pairs.get(i), (sample, before, after) -> {
                    writer.append(sample, before, after);
                    changed[0] += sample.changed() ? 1 : 0;
                });
                progress.pair(i + 1, pairs.size());
            }
            writer.finish();
            return new Summary(pairs.size(), writer.count(), changed[0], left);
        }
    }
}
