package org.terrachange.data.retrieval;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.terrachange.data.loader.BatchSource;
import org.terrachange.data.loader.EpochOrder;

/// An endless, seeded sequence of two sentences that were said of the same pair of images: what a text tower
/// learns from about words that its images never show. Example `i` depends on the seed and on `i` alone.
public final class SentencePairs implements BatchSource<SentencePairs.Batch> {
    private final List<CaptionedSample> samples;
    private final CaptionGroups groups;
    private final EpochOrder order;
    private final long seed;

    /// Several such twos.
    ///
    /// @param ones a sentence of each
    /// @param others another sentence of each, in the same order
    /// @param groups one number for each: those of equal numbers say the same
    public record Batch(List<String> ones, List<String> others, long[] groups) {
        public Batch {
            ones = List.copyOf(ones);
            others = List.copyOf(others);
        }
    }

    /// @param samples of which at least one has two sentences; where the very same was said of several, as of
    ///     unchanged ones, they count once
    /// @param seed of order and choice
    public SentencePairs(List<CaptionedSample> samples, long seed) {
        Set<List<String>> seen = new HashSet<>();
        this.samples = samples.stream()
                .filter(sample -> sample.sentences().size() > 1 && seen.add(sample.sentences()))
                .toList();
        if (this.samples.isEmpty()) {
            throw new IllegalArgumentException("no pair has two sentences to compare");
        }
        groups = new CaptionGroups(samples.stream());
        order = new EpochOrder(this.samples.size(), seed);
        this.seed = seed;
    }

    /// The number of twos in an epoch.
    public int length() {
        return samples.size();
    }

    @Override
    public Batch batch(long first, int count) {
        return batch(first, count, 1);
    }

    @Override
    public Batch batch(long first, int count, int stride) {
        List<String> ones = new ArrayList<>(count);
        List<String> others = new ArrayList<>(count);
        long[] group = new long[count];
        for (int i = 0; i < count; i++) {
            long index = first + (long) i * stride;
            CaptionedSample sample = samples.get(order.place(index / length(), (int) (index % length())));
            int sentences = sample.sentences().size();
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed + index * 0x9E3779B97F4A7C15L);
            int one = random.nextInt(sentences);
            int other = (one + 1 + random.nextInt(sentences - 1)) % sentences;
            ones.add(sample.sentences().get(one));
            others.add(sample.sentences().get(other));
            group[i] = sample.changed() ? groups.of(ones.getLast()) : CaptionGroups.UNCHANGED;
        }
        return new Batch(ones, others, group);
    }
}
