package org.terrachange.data.views;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.terrachange.data.loader.BatchSource;
import org.terrachange.data.loader.EpochOrder;
import org.terrachange.data.loader.MemoryBudget;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.RasterColours;
import org.terrachange.raster.rgb.RgbView;

/// An endless, seeded sequence of positive pairs. Pair `i` depends on the seed and on `i` alone, so that a run
/// that was cut off goes on with exactly the views it would have seen. Every run through all images takes each
/// once, in an order of its own.
///
/// The views of a pair are drawn from one window of the image, at random places, where a window size is given:
/// a large scene then counts as many things, and a view keeps a scale near the image's own.
///
/// Images are decoded at first use and kept as long as they fit a memory budget; of one that does not fit, only
/// the window is read.
public final class ViewStream implements BatchSource<ViewBatch> {
    private final List<Source> sources;
    private final ViewSampler sampler;
    private final int size;
    private final int window;
    private final long seed;
    private final EpochOrder order;
    private final Map<Path, Picture> kept = new ConcurrentHashMap<>();
    private final MemoryBudget budget;

    /// What one positive pair is made from.
    private record Source(Path first, Path second) {}

    private record Picture(int width, int height, byte[] rgb) {
        Picture cut(Window part) {
            if (part.width() == width && part.height() == height) {
                return this;
            }
            byte[] copy = new byte[3 * part.width() * part.height()];
            for (int row = 0; row < 3 * part.height(); row++) {
                int band = row / part.height();
                int line = band * height + part.y() + row % part.height();
                System.arraycopy(rgb, line * width + part.x(), copy, row * part.width(), part.width());
            }
            return new Picture(part.width(), part.height(), copy);
        }
    }

    /// @param window width and height of the windows that views are drawn from, in pixels of the images; 0 for
    ///     whole images. Images smaller than that are taken whole.
    /// @param budget for decoded imagery
    public ViewStream(
            List<Place> places,
            Positives positives,
            ViewSettings settings,
            int window,
            long seed,
            MemoryBudget budget) {
        if (window < 0) {
            throw new IllegalArgumentException("a window has a positive size, or 0 for whole images, got " + window);
        }
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
        this.window = window;
        this.seed = seed;
        this.order = new EpochOrder(sources.size(), seed);
        this.budget = budget;
    }

    /// The number of things that positive pairs are made from: one run through all of them.
    public int length() {
        return sources.size();
    }

    @Override
    public ViewBatch batch(long first, int count, int stride) throws IOException {
        int view = 3 * size * size;
        ViewBatch batch = new ViewBatch(count, size, new byte[count * view], new byte[count * view]);
        for (int i = 0; i < count; i++) {
            long index = first + (long) i * stride;
            long round = index / sources.size();
            Source source = sources.get(order.place(round, (int) (index % sources.size())));
            // Not the increment of SplittableRandom itself: the second view of one pair would be drawn as the first of
            // the next.
            SplittableRandom random = new SplittableRandom(seed + index * 0xD1B54A32D192ED03L);
            boolean swapped = random.nextBoolean();
            double across = random.nextDouble();
            double down = random.nextDouble();
            Picture one = picture(swapped ? source.second : source.first, across, down);
            sampler.sample(one.rgb, one.width, one.height, random.nextLong(), batch.first(), i * view);
            Picture other = picture(swapped ? source.first : source.second, across, down);
            sampler.sample(other.rgb, other.width, other.height, random.nextLong(), batch.second(), i * view);
        }
        return batch;
    }

    /// The window of an image that begins at these shares of the free way; the dates of a place share it.
    private Picture picture(Path image, double across, double down) throws IOException {
        Picture whole = kept.get(image);
        if (whole != null) {
            return whole.cut(window(whole.width, whole.height, across, down));
        }
        try (RasterSource source = Rasters.open(image)) {
            int width = source.grid().width();
            int height = source.grid().height();
            Window part = window(width, height, across, down);
            long cost = 3L * width * height;
            if (!budget.take(cost)) {
                return read(source, part);
            }
            whole = read(source, Window.whole(width, height));
            if (kept.putIfAbsent(image, whole) != null) {
                budget.giveBack(cost);
            }
            return whole.cut(part);
        }
    }

    private Window window(int width, int height, double across, double down) {
        int columns = window == 0 ? width : Math.min(window, width);
        int rows = window == 0 ? height : Math.min(window, height);
        return new Window((int) (across * (width - columns + 1)), (int) (down * (height - rows + 1)), columns, rows);
    }

    private static Picture read(RasterSource source, Window part) throws IOException {
        int width = part.width();
        int height = part.height();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        RgbView.of(RasterColours.of(source)).read(part, rgb, width, height, new boolean[width * height]);
        return new Picture(width, height, rgb);
    }
}
