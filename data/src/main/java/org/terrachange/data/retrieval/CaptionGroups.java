package org.terrachange.data.retrieval;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Tells which captions say the same: those of equal words, and all that were said of unchanged pairs.
///
/// Words are equal after Unicode compatibility composition, in lower case, without punctuation and with single
/// spaces.
public final class CaptionGroups {
    /// The group of captions that say that nothing changed.
    public static final long UNCHANGED = 0;

    private final Set<String> unchanged = new HashSet<>();

    /// Learns from unchanged pairs which sentences say so; LEVIR-CC's annotators wrote some of them under changed
    /// pairs too.
    public CaptionGroups(Stream<CaptionedSample> samples) {
        samples.filter(sample -> !sample.changed())
                .flatMap(sample -> sample.sentences().stream())
                .forEach(sentence -> unchanged.add(normalized(sentence)));
    }

    /// Learns from all pairs of some sets.
    public CaptionGroups(Collection<RetrievalSet> sets) {
        this(sets.stream().flatMap(set -> IntStream.range(0, set.size()).mapToObj(set::sample)));
    }

    /// The group of a caption: [#UNCHANGED], or 64 bits of its words.
    public long of(String caption) {
        String words = normalized(caption);
        if (unchanged.contains(words)) {
            return UNCHANGED;
        }
        // FNV-1a: two of a hundred thousand captions share a number by chance once in four thousand million sets.
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < words.length(); i++) {
            hash = (hash ^ words.charAt(i)) * 0x100000001b3L;
        }
        return hash == UNCHANGED ? 1 : hash;
    }

    /// A caption's words in their plainest form.
    public static String normalized(String caption) {
        return Normalizer.normalize(caption, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
    }
}
