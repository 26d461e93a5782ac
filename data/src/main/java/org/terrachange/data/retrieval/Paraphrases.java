package org.terrachange.data.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Says captions in other words of the field, by a bundled list of phrases that mean the same: the annotators of
/// a dataset write "trees are removed" where its users ask for "deforestation".
public final class Paraphrases {
    private static final String SEPARATOR = "|";

    /// By a phrase all that mean the same, itself among them; a phrase of several meanings has those of all.
    private final Map<String, Set<String>> meanings = new HashMap<>();

    private final int longest;
    private final double share;
    private final long seed;

    /// @param share of the phrases that are exchanged, 0 to 1
    /// @param seed of every choice
    public Paraphrases(double share, long seed) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the share of phrases that are exchanged is 0 to 1, got " + share);
        }
        this.share = share;
        this.seed = seed;
        int words = 0;
        for (List<String> group : bundled()) {
            for (String phrase : group) {
                meanings.computeIfAbsent(phrase, _ -> new LinkedHashSet<>()).addAll(group);
                words = Math.max(words, phrase.split(" ").length);
            }
        }
        longest = words;
    }

    private static List<List<String>> bundled() {
        try (InputStream file = Objects.requireNonNull(
                Paraphrases.class.getResourceAsStream("synonyms.txt"), "the phrases are part of the build")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> List.of(line.split(" \\" + SEPARATOR + " ")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every phrase that may come up; none where nothing is exchanged.
    public Set<String> phrases() {
        return share > 0 ? Set.copyOf(meanings.keySet()) : Set.of();
    }

    /// A caption in other words. The longest phrases are exchanged first, and none twice.
    ///
    /// @param index of the choice: the same caption, seed and index give the same words
    /// @return without punctuation and in lower case where anything was exchanged
    public String of(String caption, long index) {
        RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed + index * 0x9E3779B97F4A7C15L);
        List<String> words = List.of(CaptionGroups.normalized(caption).split(" "));
        List<String> said = new ArrayList<>();
        boolean exchanged = false;
        for (int at = 0; at < words.size(); ) {
            int length = phraseAt(words, at);
            String phrase = String.join(" ", words.subList(at, at + Math.max(1, length)));
            if (length > 0 && random.nextDouble() < share) {
                List<String> others = meanings.getOrDefault(phrase, Set.of()).stream()
                        .filter(other -> !other.equals(phrase))
                        .toList();
                said.add(others.get(random.nextInt(others.size())));
                exchanged = true;
            } else {
                said.add(phrase);
            }
            at += Math.max(1, length);
        }
        return exchanged ? String.join(" ", said) : caption;
    }

    /// Number of words of the longest known phrase from here on; 0 for none.
    private int phraseAt(List<String> words, int at) {
        for (int length = Math.min(longest, words.size() - at); length > 0; length--) {
            if (meanings.containsKey(String.join(" ", words.subList(at, at + length)))) {
                return length;
            }
        }
        return 0;
    }
}
