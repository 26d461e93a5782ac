package org.terrachange.data.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.terrachange.data.augment.Colour;
import org.terrachange.data.loader.BatchSource;
import org.terrachange.data.loader.EpochOrder;

/// An endless, seeded sequence of captioned pairs over several data sets. Example `i` depends on the seed and
/// on `i` alone, so that a run that was cut off goes on with exactly the examples it would have seen.
///
/// Every epoch, which is [#length] examples, visits each pair once with one of its captions; the captions of a
/// pair take turns, so that none comes again before all have been seen. Both dates are mirrored, turned and
/// recoloured alike, and each date recoloured a little by itself; captions that name a side are mirrored with
/// their images, and those images are never given a quarter turn.
public final class RetrievalStream implements BatchSource<RetrievalBatch> {
    /// How much of the colour change falls on each date alone.
    private static final double DATE_SHARE = 0.3;

    private final List<RetrievalSet> sets;
    private final int[] firsts;
    private final CaptionGroups groups;
    private final Settings settings;
    private final EpochOrder order;

    /// How examples are made.
    ///
    /// @param size width and height of the images, in pixels
    /// @param turns whether images are mirrored and turned
    /// @param colour strength of the change of colour: 0 for none, 1 for what training a detector uses at most
    /// @param colourings in how many colourings a pair is seen in each turn, [#ENDLESS] for another one every
    ///     time; few of them can be kept where a network says the same of the same image every time
    /// @param seed what everything is drawn from
    public record Settings(int size, boolean turns, double colour, int colourings, long seed) {
        /// Another colouring every time.
        public static final int ENDLESS = 0;

        public Settings {
            if (size < 1 || !(colour >= 0) || colourings < 0) {
                throw new IllegalArgumentException(
                        "images of " + size + " pixels, colour strength " + colour + ", " + colourings + " colourings");
            }
        }

        /// All augmentations, the colours lightly.
        public static Settings training(int size, long seed) {
            return new Settings(size, true, 0.4, ENDLESS, seed);
        }
    }

    /// @param sets stay open for as long as batches are asked for, and are closed by whoever opened them
    public RetrievalStream(List<RetrievalSet> sets, Settings settings) {
        this.sets = List.copyOf(sets);
        this.settings = settings;
        groups = new CaptionGroups(sets);
        firsts = new int[sets.size() + 1];
        for (int i = 0; i < sets.size(); i++) {
            firsts[i + 1] = Math.addExact(firsts[i], sets.get(i).size());
        }
        order = new EpochOrder(length(), settings.seed());
    }

    public Settings settings() {
        return settings;
    }

    /// In how many turns a pair may be laid.
    public int turns() {
        return settings.turns() ? Turn.COUNT : 1;
    }

    /// The number of pairs: one epoch.
    public int length() {
        return firsts[sets.size()];
    }

    /// What is said of a pair.
    ///
    /// @param pair 0 to [#length] - 1, over all sets in their order
    public CaptionedSample sample(int pair) {
        int set = setOf(pair);
        return sets.get(set).sample(pair - firsts[set]);
    }

    /// What the sequence shows at a place, without reading its images.
    public RetrievalExample example(long index) {
        long epoch = index / length();
        int pair = order.place(epoch, (int) (index % length()));
        CaptionedSample sample = sample(pair);
        String caption = caption(sample, pair, epoch);
        RandomGenerator random = generator(index);
        int draw = random.nextInt(Turn.COUNT);
        Turn turn = settings.turns() ? Turn.fitting(caption, draw) : Turn.NONE;
        long colours =
                settings.colourings() == Settings.ENDLESS ? random.nextLong() : random.nextLong(settings.colourings());
        String sentence = turn.apply(caption);
        return new RetrievalExample(
                pair,
                new RetrievalExample.View(turn.number(), colours),
                sentence,
                sample.changed() ? groups.of(sentence) : CaptionGroups.UNCHANGED);
    }

    /// A view of a pair.
    ///
    /// @param before receives `[3, size, size]`, 8-bit, from `at` on
    /// @param after the same
    public void render(int pair, RetrievalExample.View view, byte[] before, byte[] after, int at) throws IOException {
        int set = setOf(pair);
        int place = pair - firsts[set];
        Turn turn = Turn.numbered(view.turn());
        RandomGenerator random = generator(pair * 0xD1B54A32D192ED03L ^ view.turn() ^ view.colours() << 3);
        Colour joint = Colour.draw(random, settings.colour());
        place(sets.get(set).before(place), turn, joint, random, before, at);
        place(sets.get(set).after(place), turn, joint, random, after, at);
    }

    @Override
    public RetrievalBatch batch(long first, int count, int stride) throws IOException {
        int image = 3 * settings.size() * settings.size();
        byte[] before = new byte[Math.multiplyExact(count, image)];
        byte[] after = new byte[before.length];
        List<RetrievalExample> examples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            RetrievalExample example = example(first + (long) i * stride);
            render(example.pair(), example.view(), before, after, i * image);
            examples.add(example);
        }
        return new RetrievalBatch(examples, settings.size(), before, after);
    }

    private int setOf(int pair) {
        int found = java.util.Arrays.binarySearch(firsts, pair);
        return found >= 0 ? found : -found - 2;
    }

    private RandomGenerator generator(long index) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed() + index * 0x9E3779B97F4A7C15L);
    }

    private String caption(CaptionedSample sample, int pair, long epoch) {
        int captions = sample.sentences().size();
        int start = new EpochOrder(captions, settings.seed() ^ pair * 0xD1B54A32D192ED03L)
                .place(epoch / captions, (int) (epoch % captions));
        return sample.sentences().get(start);
    }

    private void place(RgbImage image, Turn turn, Colour joint, RandomGenerator random, byte[] to, int at) {
        RgbImage square = image.resized(settings.size());
        int area = settings.size() * settings.size();
        byte[] turned = new byte[3 * area];
        for (int band = 0; band < 3; band++) {
            turn.apply(square.planes(), band * area, settings.size(), turned, band * area);
        }
        if (settings.colour() > 0) {
            float[] values = new float[turned.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = turned[i] & 0xff;
            }
            turned = Colour.apply(values, joint, Colour.draw(random, settings.colour() * DATE_SHARE));
        }
        System.arraycopy(turned, 0, to, at, turned.length);
    }
}
