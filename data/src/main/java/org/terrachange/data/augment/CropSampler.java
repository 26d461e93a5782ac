package org.terrachange.data.augment;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.terrachange.data.pairs.PairImages;

/// Cuts an augmented crop out of a pair. The same seed gives the same crop.
///
/// Geometry is one affine map from crop to image, so that every pixel is resampled once, by the cubic of Catmull and
/// Rom (Keys 1981, a = -1/2): a linear one would blur every crop, and the network would meet sharp images only when it
/// is used. Where the crop's pixels are larger than the image's, each averages a 2x2 or 3x3 lattice of samples, which
/// keeps roofs from aliasing. Pixel-exact crops have the image's own pixels.
public final class CropSampler {
    /// How much of the colour change falls on each date alone. Real pairs differ in season and light already; more
    /// than
    /// this, and differencing features has to be learned against noise of our own making.
    private static final double DATE_SHARE = 0.4;

    /// Sines below this are those of quarter turns.
    private static final double STRAIGHT = 1e-9;

    private final Augmentation augmentation;
    private final int size;

    /// @param size width and height of the crops, even
    public CropSampler(Augmentation augmentation, int size) {
        this.augmentation = augmentation;
        this.size = size;
    }

    /// Cuts one crop.
    public Crop sample(PairImages pair, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        boolean exact = random.nextDouble() < augmentation.pixelExact();
        double scale = exact
                ? 1
                : augmentation.minScale()
                        * Math.pow(augmentation.maxScale() / augmentation.minScale(), random.nextDouble());
        double angle = Math.PI / 2 * random.nextInt(4);
        if (!exact && random.nextDouble() < augmentation.freeRotation()) {
            angle += (random.nextDouble() - 0.5) * Math.PI / 2;
        }
        double mirror = random.nextBoolean() ? -1 : 1;
        double[] centre = centre(pair, scale, random);
        if (exact) {
            // The corner between four pixels, since a crop has an even number of them a side.
            centre[0] = Math.rint(centre[0]);
            centre[1] = Math.rint(centre[1]);
        }
        Frame frame = new Frame(
                Math.cos(angle) * scale * mirror,
                -Math.sin(angle) * scale,
                Math.sin(angle) * scale * mirror,
                Math.cos(angle) * scale,
                centre[0],
                centre[1],
                size,
                (int) Math.max(1, Math.min(3, Math.round(scale))));
        double shift = exact ? 0 : augmentation.shift() * random.nextDouble();
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

        /// Samples of planar `image` by a cubic kernel, mirrored at its edges and kept within its range.
        float[] resample(byte[] image, int bands, int width, int height) {
            float[] out = new float[bands * size * size];
            boolean upright = Math.abs(xv) < STRAIGHT && Math.abs(yu) < STRAIGHT;
            boolean lying = Math.abs(xu) < STRAIGHT && Math.abs(yv) < STRAIGHT;
            if (upright || lying) {
                Axis across = axis(centreX, upright ? xu : xv, width);
                Axis down = axis(centreY, upright ? yv : yu, height);
                for (int band = 0; band < bands; band++) {
                    aligned(image, band * width * height, width, across, down, lying, out, band * size * size);
                }
            } else {
                turned(image, bands, width, height, out);
            }
            for (int i = 0; i < out.length; i++) {
                out[i] = Math.clamp(out[i], 0f, 255f);
            }
            return out;
        }

        /// The pixels of one axis of the image that each position along one axis of the crop is made of.
        ///
        /// @param at those of all positions, as many for each
        /// @param weights of these pixels
        /// @param taps pixels a position
        private record Axis(int[] at, float[] weights, int taps) {
            int least() {
                return Arrays.stream(at).min().orElseThrow();
            }

            int most() {
                return Arrays.stream(at).max().orElseThrow();
            }
        }

        private Axis axis(double centre, double step, int length) {
            int taps = 4 * samples;
            int[] at = new int[size * taps];
            float[] weights = new float[size * taps];
            int[] four = new int[4];
            float[] shares = new float[4];
            for (int i = 0; i < size; i++) {
                for (int s = 0; s < samples; s++) {
                    taps(centre + step * (i + (s + 0.5) / samples - size / 2.0) - 0.5, length, 1, four, shares);
                    for (int t = 0; t < 4; t++) {
                        at[i * taps + 4 * s + t] = four[t];
                        weights[i * taps + 4 * s + t] = shares[t] / samples;
                    }
                }
            }
            return new Axis(at, weights, taps);
        }

        /// One band where the crop lies along the axes of the image: rows first, then columns.
        ///
        /// @param lying whether rows of the crop are columns of the image
        private void aligned(
                byte[] image, int plane, int width, Axis across, Axis down, boolean lying, float[] out, int to) {
            int top = down.least();
            float[] lines = new float[(down.most() - top + 1) * size];
            for (int row = 0; row < lines.length / size; row++) {
                int line = plane + (top + row) * width;
                for (int i = 0; i < size; i++) {
                    float sum = 0;
                    for (int t = i * across.taps; t < (i + 1) * across.taps; t++) {
                        sum += across.weights[t] * (image[line + across.at[t]] & 0xff);
                    }
                    lines[row * size + i] = sum;
                }
            }
            float[] sums = new float[size];
            for (int i = 0; i < size; i++) {
                Arrays.fill(sums, 0);
                for (int t = i * down.taps; t < (i + 1) * down.taps; t++) {
                    float weight = down.weights[t];
                    int line = (down.at[t] - top) * size;
                    for (int j = 0; j < size; j++) {
                        sums[j] += weight * lines[line + j];
                    }
                }
                for (int j = 0; j < size; j++) {
                    out[to + (lying ? j * size + i : i * size + j)] = sums[j];
                }
            }
        }

        private void turned(byte[] image, int bands, int width, int height, float[] out) {
            float share = 1f / (samples * samples);
            float[] across = new float[4];
            float[] down = new float[4];
            int[] columns = new int[4];
            int[] rows = new int[4];
            for (int v = 0; v < size; v++) {
                for (int u = 0; u < size; u++) {
                    for (int s = 0; s < samples * samples; s++) {
                        double cu = u + (s % samples + 0.5) / samples - size / 2.0;
                        double cv = v + (s / samples + 0.5) / samples - size / 2.0;
                        taps(centreX + xu * cu + xv * cv - 0.5, width, 1, columns, across);
                        taps(centreY + yu * cu + yv * cv - 0.5, height, width, rows, down);
                        for (int b = 0; b < bands; b++) {
                            int plane = b * width * height;
                            float sum = 0;
                            for (int r = 0; r < 4; r++) {
                                int line = plane + rows[r];
                                sum += down[r]
                                        * ((image[line + columns[0]] & 0xff) * across[0]
                                                + (image[line + columns[1]] & 0xff) * across[1]
                                                + (image[line + columns[2]] & 0xff) * across[2]
                                                + (image[line + columns[3]] & 0xff) * across[3]);
                            }
                            out[(b * size + v) * size + u] += share * sum;
                        }
                    }
                }
            }
        }

        /// The four pixels around a position along one axis and their weights.
        ///
        /// @param stride distance of two such pixels in memory
        private static void taps(double position, int length, int stride, int[] at, float[] weights) {
            int floor = (int) Math.floor(position);
            float t = (float) (position - floor);
            for (int i = 0; i < 4; i++) {
                int pixel = floor + i - 1;
                at[i] = stride * (pixel >= 0 && pixel < length ? pixel : mirrored(pixel, length));
            }
            weights[0] = t * (-0.5f + t * (1 - 0.5f * t));
            weights[1] = 1 + t * t * (1.5f * t - 2.5f);
            weights[2] = t * (0.5f + t * (2 - 1.5f * t));
            weights[3] = t * t * (0.5f * t - 0.5f);
        }

        private static int mirrored(int at, int length) {
            int period = 2 * length;
            int inside = Math.floorMod(at, period);
            return inside < length ? inside : period - 1 - inside;
        }
    }
}
