package org.terrachange.search.model;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.terrachange.data.retrieval.CaptionGroups;

/// The words that a search model has learned. Its tokenizer takes any text, but what a word means that no caption
/// of its training used, a text tower that was trained from nothing cannot know.
///
/// @param words in their plainest form, sorted
public record Vocabulary(List<String> words) {
    public Vocabulary {
        words = List.copyOf(new TreeSet<>(words));
    }

    /// The words of some sentences.
    public static Vocabulary of(Collection<String> sentences) {
        Set<String> words = new TreeSet<>();
        sentences.forEach(sentence -> words.addAll(wordsOf(sentence)));
        return new Vocabulary(List.copyOf(words));
    }

    /// The words of a text that the model has never met, each once, in their order.
    public List<String> unknown(String text) {
        Set<String> known = Set.copyOf(words);
        return wordsOf(text).stream()
                .filter(word -> !known.contains(word))
                .distinct()
                .toList();
    }

    private static List<String> wordsOf(String text) {
        return List.of(CaptionGroups.normalized(text).split(" ")).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
