package org.terrachange.data.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.terrachange.data.loader.BatchSource;
import org.terrachange.nn.text.ClipTokenizer;

/// An endless, seeded sequence of sentences that describe no pair of images: what a text tower learns from that
/// not every text is about a change it knows. Sentence `i` depends on the seed and on `i` alone.
///
/// In turn it is one of a bundled list, a row of words that the captions never use, and a caption whose words,
/// other than the small ones, were exchanged for such. Without the latter two a tower that is taught from nothing
/// would put words that it has never met anywhere.
public final class UnrelatedSentences implements BatchSource<List<String>> {
    private static final int SHORTEST_WORD = 4;
    private static final int FEWEST_WORDS = 2;
    private static final int MOST_WORDS = 10;

    /// What a sentence needs whatever it is about.
    private static final Set<String> SMALL_WORDS = Set.of(
            "a", "an", "and", "are", "at", "been", "by", "for", "from", "has", "have", "in", "is", "it", "of", "on",
            "some", "that", "the", "there", "to", "was", "were", "which", "with");

    private final List<String> captions;
    private final List<String> listed;
    private final List<String> strangers;
    private final long seed;

    /// @param captions that are about the images; at least one
    /// @param seed of every sentence
    public UnrelatedSentences(List<String> captions, long seed) {
        if (captions.isEmpty()) {
            throw new IllegalArgumentException("what is unrelated shows beside captions, of which there are none");
        }
        this.captions = captions.stream().map(CaptionGroups::normalized).toList();
        Set<String> known = this.captions.stream()
                .flatMap(caption -> List.of(caption.split(" ")).stream())
                .collect(Collectors.toSet());
        strangers = ClipTokenizer.words(SHORTEST_WORD).stream()
                .filter(word -> !known.contains(word))
                .toList();
        listed = bundled();
        this.seed = seed;
    }

    private static List<String> bundled() {
        try (InputStream file = Objects.requireNonNull(
                UnrelatedSentences.class.getResourceAsStream("unrelated.txt"), "the sentences are part of the build")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> batch(long first, int count) {
        return batch(first, count, 1);
    }

    @Override
    public List<String> batch(long first, int count, int stride) {
        List<String> sentences = new ArrayList<>(count);
        for (long i = first; i < first + (long) count * stride; i += stride) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed + i * 0x9E3779B97F4A7C15L);
            sentences.add(
                    switch ((int) (i % 3)) {
                        case 0 -> drawn(listed, random);
                        case 1 -> row(random);
                        default -> exchanged(drawn(captions, random), random);
                    });
        }
        return sentences;
    }

    private String row(RandomGenerator random) {
        List<String> words = new ArrayList<>();
        int count = random.nextInt(FEWEST_WORDS, MOST_WORDS + 1);
        for (int i = 0; i < count; i++) {
            words.add(drawn(strangers, random));
        }
        return String.join(" ", words);
    }

    private String exchanged(String caption, RandomGenerator random) {
        List<String> words = new ArrayList<>();
        for (String word : caption.split(" ")) {
            words.add(SMALL_WORDS.contains(word) ? word : drawn(strangers, random));
        }
        return String.join(" ", words);
    }

    private static String drawn(List<String> choices, RandomGenerator random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
