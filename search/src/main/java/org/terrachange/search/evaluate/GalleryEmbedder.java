package org.terrachange.search.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.terrachange.data.retrieval.CaptionGroups;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.RetrievalSet;
import org.terrachange.data.retrieval.RgbImage;
import org.terrachange.search.model.PairEmbedder;

/// Turns captioned pairs into the vectors that retrieval is scored on.
public final class GalleryEmbedder {
    private static final int AT_A_TIME = PairEmbedder.MOST_PAIRS;

    private final PairEmbedder embedder;

    public GalleryEmbedder(PairEmbedder embedder) {
        this.embedder = embedder;
    }

    /// Called with the number of pairs done.
    @FunctionalInterface
    public interface Progress {
        void at(int done, int of);
    }

    /// The vectors of all pairs and captions of the sets.
    public Gallery embed(List<RetrievalSet> sets, Progress progress) throws IOException {
        CaptionGroups groups = new CaptionGroups(sets);
        Map<Long, Integer> meaning = new HashMap<>();
        List<float[]> changes = new ArrayList<>();
        List<String> sentences = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        List<Integer> meanings = new ArrayList<>();
        List<Boolean> changed = new ArrayList<>();
        int all = sets.stream().mapToInt(RetrievalSet::size).sum();
        for (RetrievalSet set : sets) {
            for (int first = 0; first < set.size(); first += AT_A_TIME) {
                int count = Math.min(AT_A_TIME, set.size() - first);
                for (int i = first; i < first + count; i++) {
                    CaptionedSample sample = set.sample(i);
                    for (String sentence : sample.sentences()) {
                        long group = sample.changed() ? groups.of(sentence) : CaptionGroups.UNCHANGED;
                        sentences.add(sentence);
                        owners.add(changed.size());
                        meanings.add(meaning.computeIfAbsent(group, _ -> meaning.size()));
                    }
                    changed.add(sample.changed());
                }
                changes.addAll(changes(set, first, count));
                progress.at(changes.size(), all);
            }
        }
        List<float[]> texts = new ArrayList<>();
        for (int first = 0; first < sentences.size(); first += 8 * AT_A_TIME) {
            texts.addAll(embedder.texts(sentences.subList(first, Math.min(sentences.size(), first + 8 * AT_A_TIME))));
        }
        boolean[] flags = new boolean[changed.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = changed.get(i);
        }
        return new Gallery(
                changes,
                texts,
                owners.stream().mapToInt(Integer::intValue).toArray(),
                meanings.stream().mapToInt(Integer::intValue).toArray(),
                flags);
    }

    private List<float[]> changes(RetrievalSet set, int first, int count) throws IOException {
        int image = 3 * set.width() * set.height();
        byte[] before = new byte[count * image];
        byte[] after = new byte[count * image];
        for (int i = 0; i < count; i++) {
            copy(set.before(first + i), before, i * image);
            copy(set.after(first + i), after, i * image);
        }
        return embedder.changes(before, after, count, set.height(), set.width());
    }

    private static void copy(RgbImage image, byte[] to, int at) {
        System.arraycopy(image.planes(), 0, to, at, image.planes().length);
    }
}
