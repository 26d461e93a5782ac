package org.terrachange.data.views;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.RasterColours;
import org.terrachange.raster.rgb.RgbView;

/// An endless, seeded sequence of positive pairs. Pair `i` depends on the seed and on `i` alone, so that a run that was
/// cut off goes on with exactly the views it would have seen. Every run through all images takes each once, in an order
/// of its own.
///
/// Images are decoded at first use and kept as long as they fit a memory budget.
public final class ViewStream {
    private final List<Source> sources;
    private final ViewSampler sampler;
    private final int size;
    private final long seed;
    private final Map<Path, Picture> kept = new ConcurrentHashMap<>();
    private final AtomicLong budget;

    /// What one positive pair is made from.
    private record Source(Path first, Path second) {}

    private record Picture(int width, int height, byte[] rgb) {}

    /// @param bytes how much decoded imagery may be kept
    public ViewStream(List<Place> places, Positives positives, ViewSettings settings, long seed, long bytes) {
        this.sources = places.stream()
                .flatMap(place -> switch (positives) {
                    case VIEWS -> place.dates().stream().map(image -> new Source(image, image));
                    case DATES ->
                        java.util.stream.Stream.of(new Source(
                                place.dates().getFirst(), place.dates().getLast()));
                })
                .toList();
        this.sampler = new ViewSampler(settings);
        this.size = settings.size();
        this.seed = seed;
        this.budget = new AtomicLong(bytes);
    }

    /// The number of things that positive pairs are made from: one run through all of them.
    public int length() {
        return sources.size();
    }

    /// Pairs `first` to `first + count - 1` of the sequence.
    ///
    /// @throws IOException if an image cannot be read
    public ViewBatch batch(long first, int count) throws IOException {
        int view = 3 * size * size;
        ViewBatch batch = new ViewBatch(count, size, new byte[count * view], new byte[count * view]);
        for (int i = 0; i < count; i++) {
            long index = first + i;
            long round = index / sources.size();
            Source source = sources.get(place(round, (int) (index % sources.size())));
            SplittableRandom random = new SplittableRandom(seed + index * 0x9E3779B97F4A7C15L);
            boolean swapped = random.nextBoolean();
            sample(swapped ? source.second : source.first, random.nextLong(), batch.first(), i * view);
            sample(swapped ? source.first : source.second, random.nextLong(), batch.second(), i * view);
        }
        return batch;
    }

    private void sample(Path image, long viewSeed, byte[] target, int offset) throws IOException {
        Picture picture = picture(image);
        sampler.sample(picture.rgb, picture.width, picture.height, viewSeed, target, offset);
    }

    /// Where a position of a round lies in the list: a permutation that can be entered anywhere, made by walking a
    /// Feistel network over the next power of four until it lands inside (cycle walking).
    private int place(long round, int position) {
        int half = Math.max(1, (32 - Integer.numberOfLeadingZeros(Math.max(1, sources.size() - 1)) + 1) / 2);
        int mask = (1 << half) - 1;
        int value = position;
        do {
            int left = value >>> half;
            int right = value & mask;
            for (int step = 0; step < 4; step++) {
                long mixed = (seed * 31 + round) * 0x9E3779B97F4A7C15L + (long) step * 0xD1B54A32D192ED03L + right;
                mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
                mixed ^= mixed >>> 27;
                int next = left ^ (int) (mixed & mask);
                left = right;
                right = next;
            }
            value = left << half | right;
        } while (value >= sources.size());
        return value;
    }

    private Picture picture(Path image) throws IOException {
        Picture picture = kept.get(image);
        if (picture == null) {
            picture = read(image);
            long cost = picture.rgb.length;
            if (budget.addAndGet(-cost) < 0 || kept.putIfAbsent(image, picture) != null) {
                budget.addAndGet(cost);
            }
        }
        return picture;
    }

    private static Picture read(Path image) throws IOException {
        try (RasterSource source = Rasters.open(image)) {
            int width = source.grid().width();
            int height = source.grid().height();
            byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
            RgbView.of(RasterColours.of(source))
                    .read(Window.whole(width, height), rgb, width, height, new boolean[width * height]);
            return new Picture(width, height, rgb);
        }
    }
}
