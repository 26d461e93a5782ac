package org.terrachange.data.loader;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.terrachange.data.augment.Augmentation;
import org.terrachange.data.augment.Crop;
import org.terrachange.data.augment.CropSampler;

/// An endless, seeded sequence of training crops over several datasets. Crop `i` depends on the seed and on
/// `i` alone, so that a run that was cut off goes on with exactly the crops it would have seen.
public final class CropStream implements BatchSource<Batch> {
    private final List<PairStore> datasets;
    private final List<CropSampler> samplers;
    private final double[] weights;
    private final int size;
    private final long seed;

    /// Pairs, and how crops of them vary.
    public record Source(PairStore pairs, Augmentation augmentation) {}

    /// @param sources each is drawn from in proportion to the square root of its number of pairs times the
    ///     area of its first image: a large set leads without drowning a small one
    /// @param size width and height of the crops, even
    public CropStream(List<Source> sources, int size, long seed) throws IOException {
        this.datasets = sources.stream().map(Source::pairs).toList();
        this.samplers = sources.stream()
                .map(source -> new CropSampler(source.augmentation(), size))
                .toList();
        this.size = size;
        this.seed = seed;
        weights = new double[datasets.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            var first = datasets.get(i).images(0);
            sum += Math.sqrt((double) datasets.get(i).size() * first.width() * first.height());
            weights[i] = sum;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
    }

    @Override
    public Batch batch(long first, int count, int stride) throws IOException {
        int area = size * size;
        Batch batch =
                new Batch(count, size, new byte[count * 3 * area], new byte[count * 3 * area], new byte[count * area]);
        for (int i = 0; i < count; i++) {
            Crop crop = crop(first + (long) i * stride);
            System.arraycopy(crop.before(), 0, batch.before(), i * 3 * area, 3 * area);
            System.arraycopy(crop.after(), 0, batch.after(), i * 3 * area, 3 * area);
            System.arraycopy(crop.change(), 0, batch.change(), i * area, area);
        }
        return batch;
    }

    private Crop crop(long index) throws IOException {
        // Not the increment of SplittableRandom itself: one stream would be the other, shifted by a draw.
        SplittableRandom random = new SplittableRandom(seed + index * 0xD1B54A32D192ED03L);
        double pick = random.nextDouble();
        int set = 0;
        while (set < weights.length - 1 && pick >= weights[set]) {
            set++;
        }
        PairStore store = datasets.get(set);
        return samplers.get(set).sample(store.images(random.nextInt(store.size())), random.nextLong());
    }
}
