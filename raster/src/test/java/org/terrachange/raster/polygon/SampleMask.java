package org.terrachange.raster.polygon;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// A mask with probabilities, and generators of masks with awkward shapes.
final class SampleMask {
    private final int width;
    private final int height;
    private final byte[] mask;
    private final float[] probability;

    private SampleMask(int width, int height) {
        this.width = width;
        this.height = height;
        this.mask = new byte[width * height];
        this.probability = new float[width * height];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    byte[] mask() {
        return mask;
    }

    float[] probability() {
        return probability;
    }

    boolean set(int x, int y) {
        return mask[y * width + x] != 0;
    }

    /// A mask drawn with `#` for set pixels, all of probability 0.75.
    static SampleMask drawn(String... rows) {
        int width = rows[0].length();
        var result = blank(width, rows.length);
        for (int i = 0; i < result.mask.length; i++) {
            result.mask[i] = (byte) (rows[i / width].charAt(i % width) == '#' ? 1 : 0);
            result.probability[i] = 0.75f;
        }
        return result;
    }

    static SampleMask blank(int width, int height) {
        return new SampleMask(width, height);
    }

    static SampleMask noise(RandomGenerator random, int width, int height, double density) {
        var result = blank(width, height);
        for (int i = 0; i < result.mask.length; i++) {
            result.mask[i] = (byte) (random.nextDouble() < density ? -1 : 0);
        }
        return result.withRandomProbabilities(random);
    }

    /// Filled discs, some of them with a disc cut out.
    static SampleMask blobs(RandomGenerator random, int width, int height, int count, int greatestRadius) {
        var result = blank(width, height);
        for (int i = 0; i < count; i++) {
            int radius = random.nextInt(1, greatestRadius + 1);
            int inner = random.nextBoolean() ? 0 : random.nextInt(radius);
            int cx = random.nextInt(width);
            int cy = random.nextInt(height);
            for (int y = Math.max(0, cy - radius); y <= Math.min(height - 1, cy + radius); y++) {
                for (int x = Math.max(0, cx - radius); x <= Math.min(width - 1, cx + radius); x++) {
                    int squared = (x - cx) * (x - cx) + (y - cy) * (y - cy);
                    if (squared <= radius * radius && squared >= inner * inner) {
                        result.mask[y * width + x] = 1;
                    }
                }
            }
        }
        return result.withRandomProbabilities(random);
    }

    static SampleMask checkerboard(int width, int height, int cell) {
        var result = blank(width, height);
        for (int i = 0; i < result.mask.length; i++) {
            result.mask[i] = (byte) ((i % width / cell + i / width / cell) & 1);
            result.probability[i] = 0.5f;
        }
        return result;
    }

    /// Square rings one pixel wide, one inside the other.
    static SampleMask rings(int size) {
        var result = blank(size, size);
        for (int i = 0; i < result.mask.length; i++) {
            int x = i % size;
            int y = i / size;
            int depth = Math.min(Math.min(x, y), Math.min(size - 1 - x, size - 1 - y));
            result.mask[i] = (byte) (1 - (depth & 1));
            result.probability[i] = depth / (float) size;
        }
        return result;
    }

    /// One path, one pixel wide, that winds inwards.
    static SampleMask spiral(int size) {
        var result = blank(size, size);
        int x = 0;
        int y = 0;
        int dx = 1;
        int dy = 0;
        int length = size - 1;
        result.mask[0] = 1;
        for (int leg = 0; length > 0; leg++) {
            for (int step = 0; step < length; step++) {
                x += dx;
                y += dy;
                result.mask[y * size + x] = 1;
            }
            int turned = dx;
            dx = -dy;
            dy = turned;
            if (leg > 0 && leg % 2 == 0) {
                length -= 2;
            }
        }
        Arrays.fill(result.probability, 1f);
        return result;
    }

    SampleMask withRandomProbabilities(RandomGenerator random) {
        for (int i = 0; i < probability.length; i++) {
            probability[i] = random.nextFloat();
        }
        return this;
    }

    @Override
    public String toString() {
        var text = new StringBuilder(width + "x" + height + "\n");
        for (int i = 0; i < mask.length && mask.length <= 10_000; i++) {
            text.append(mask[i] != 0 ? '#' : '.').append((i + 1) % width == 0 ? "\n" : "");
        }
        return text.toString();
    }
}
