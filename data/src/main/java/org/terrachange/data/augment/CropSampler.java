package org.terrachange.data.augment;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.terrachange.data.pairs.PairImages;

/// Cuts an augmented crop out of a pair. The same seed gives the same crop.
///
/// Geometry is one affine map from crop to image, so that every pixel is resampled once; where the crop's
/// pixels are larger than the image's, each averages a 2x2 or 3x3 lattice of samples, which keeps roofs from
/// aliasing.
public final class CropSampler {
    /// How much of the colour change falls on each date alone. Real pairs differ in season and light already; more
    /// than
    /// this, and differencing features has to be learned against noise of our own making.
    private static final double DATE_SHARE = 0.4;

    private final Augmentation augmentation;
    private final int size;

    /// @param size width and height of the crops
    public CropSampler(Augmentation augmentation, int size) {
        this.augmentation = augmentation;
        this.size = size;
    }

    /// Cuts one crop.
    public Crop sample(PairImages pair, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        double scale = augmentation.minScale()
                * Math.pow(augmentation.maxScale() / augmentation.minScale(), random.nextDouble());
        double angle = Math.PI / 2 * random.nextInt(4);
        if (random.nextDouble() < augmentation.freeRotation()) {
            angle += (random.nextDouble() - 0.5) * Math.PI / 2;
        }
        double mirror = random.nextBoolean() ? -1 : 1;
        double[] centre = centre(pair, scale, random);
        Frame frame = new Frame(
                Math.cos(angle) * scale * mirror,
                -Math.sin(angle) * scale,
                Math.sin(angle) * scale * mirror,
                Math.cos(angle) * scale,
                centre[0],
                centre[1],
                size,
                (int) Math.max(1, Math.min(3, Math.round(scale))));
        double shift = augmentation.shift() * random.nextDouble();
        double direction = random.nextDouble() * 2 * Math.PI;
        Frame moved = frame.moved(shift * Math.cos(direction), shift * Math.sin(direction));

        float[] before = frame.resample(pair.before(), 3, pair.width(), pair.height());
        float[] after = moved.resample(pair.after(), 3, pair.width(), pair.height());
        float[] change = frame.resample(pair.change(), 1, pair.width(), pair.height());

        Colour joint = Colour.draw(random, augmentation.colour());
        byte[] first = Colour.apply(before, joint, Colour.draw(random, augmentation.colour() * DATE_SHARE));
        byte[] second = Colour.apply(after, joint, Colour.draw(random, augmentation.colour() * DATE_SHARE));
        byte[] mask = new byte[change.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (change[i] >= 0.5f ? 1 : 0);
        }
        return random.nextDouble() < augmentation.swap()
                ? new Crop(size, second, first, mask)
                : new Crop(size, first, second, mask);
    }

    /// A centre that keeps the crop inside the image where it fits, on or near a changed pixel if asked.
    private double[] centre(PairImages pair, double scale, RandomGenerator random) {
        double x = random.nextDouble() * pair.width();
        double y = random.nextDouble() * pair.height();
        if (random.nextDouble() < augmentation.changeCentred()) {
            int changed = changedPixel(pair.change(), random);
            if (changed >= 0) {
                double wander = size * scale * 0.6;
                x = changed % pair.width() + (random.nextDouble() - 0.5) * wander;
                y = changed / pair.width() + (random.nextDouble() - 0.5) * wander;
            }
        }
        double half = size * scale / 2;
        return new double[] {inside(x, half, pair.width()), inside(y, half, pair.height())};
    }

    private static double inside(double centre, double half, int length) {
        return 2 * half >= length ? length / 2.0 : Math.clamp(centre, half, length - half);
    }

    /// A changed pixel found by probing at random; -1 where 64 probes find none, which a pair with little
    /// change may do. Probing needs no index of the pixels of every pair.
    private static int changedPixel(byte[] change, RandomGenerator random) {
        for (int probe = 0; probe < 64; probe++) {
            int at = random.nextInt(change.length);
            if (change[at] != 0) {
                return at;
            }
        }
        return -1;
    }

    /// The affine map from a crop's pixel to an image position, about the centres of both.
    private record Frame(
            double xu, double xv, double yu, double yv, double centreX, double centreY, int size, int samples) {

        Frame moved(double dx, double dy) {
            return new Frame(xu, xv, yu, yv, centreX + dx, centreY + dy, size, samples);
        }

        /// Bilinear samples of planar `image`, mirrored at its edges.
        float[] resample(byte[] image, int bands, int width, int height) {
            float[] out = new float[bands * size * size];
            float share = 1f / (samples * samples);
            for (int v = 0; v < size; v++) {
                for (int u = 0; u < size; u++) {
                    for (int s = 0; s < samples * samples; s++) {
                        double cu = u + (s % samples + 0.5) / samples - size / 2.0;
                        double cv = v + (s / samples + 0.5) / samples - size / 2.0;
                        double x = centreX + xu * cu + xv * cv - 0.5;
                        double y = centreY + yu * cu + yv * cv - 0.5;
                        int x0 = (int) Math.floor(x);
                        int y0 = (int) Math.floor(y);
                        float fx = (float) (x - x0);
                        float fy = (float) (y - y0);
                        int left = mirrored(x0, width);
                        int right = mirrored(x0 + 1, width);
                        int top = mirrored(y0, height) * width;
                        int bottom = mirrored(y0 + 1, height) * width;
                        for (int b = 0; b < bands; b++) {
                            int plane = b * width * height;
                            float upper = (image[plane + top + left] & 0xff) * (1 - fx)
                                    + (image[plane + top + right] & 0xff) * fx;
                            float lower = (image[plane + bottom + left] & 0xff) * (1 - fx)
                                    + (image[plane + bottom + right] & 0xff) * fx;
                            out[(b * size + v) * size + u] += share * (upper * (1 - fy) + lower * fy);
                        }
                    }
                }
            }
            return out;
        }

        private static int mirrored(int at, int length) {
            int period = 2 * length;
            int inside = Math.floorMod(at, period);
            return inside < length ? inside : period - 1 - inside;
        }
    }
}
