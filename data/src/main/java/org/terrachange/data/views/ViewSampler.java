package org.terrachange.data.views;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Makes random views of an image: a crop of random area and aspect brought to one size, mirrored and turned, with
/// other colours and sharpness. The same seed gives the same view.
public final class ViewSampler {
    private static final double MIN_ASPECT = 3.0 / 4;
    private static final double MAX_ASPECT = 4.0 / 3;

    /// Tries to find a crop of the wanted shape before the largest central one is taken.
    private static final int TRIES = 10;

    private final ViewSettings settings;

    public ViewSampler(ViewSettings settings) {
        this.settings = settings;
    }

    /// Makes one view.
    ///
    /// @param image 8-bit RGB, planar
    /// @param width its columns
    /// @param height its rows
    /// @param target receives the view, 8-bit RGB, planar
    /// @param offset where in `target` it begins
    public void sample(byte[] image, int width, int height, long seed, byte[] target, int offset) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int size = settings.size();
        float[] view = cropped(image, width, height, random);
        view = turned(view, size, random.nextInt(8));
        ColourJitter.apply(view, size * size, settings, random);
        if (random.nextDouble() < settings.blur()) {
            double deviation = (0.1 + 1.9 * random.nextDouble()) * size / 224;
            GaussianBlur.apply(view, size, deviation);
        }
        for (int i = 0; i < view.length; i++) {
            target[offset + i] = (byte) Math.max(0f, Math.min(255f, view[i] * 255 + 0.5f));
        }
    }

    /// A crop of random area and aspect, resized with a triangle filter that widens where it shrinks; 0 to 1.
    private float[] cropped(byte[] image, int width, int height, RandomGenerator random) {
        double columns = Math.min(width, height);
        double rows = columns;
        double left = (width - columns) / 2;
        double top = (height - rows) / 2;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            double share = settings.minArea() + random.nextDouble() * (settings.maxArea() - settings.minArea());
            double area = share * width * height;
            double aspect = Math.exp(
                    Math.log(MIN_ASPECT) + random.nextDouble() * (Math.log(MAX_ASPECT) - Math.log(MIN_ASPECT)));
            double w = Math.rint(Math.sqrt(area * aspect));
            double h = Math.rint(Math.sqrt(area / aspect));
            if (w >= 1 && h >= 1 && w <= width && h <= height) {
                columns = w;
                rows = h;
                left = random.nextInt((int) (width - w) + 1);
                top = random.nextInt((int) (height - h) + 1);
                break;
            }
        }
        int size = settings.size();
        Taps across = new Taps(left, columns, size);
        Taps down = new Taps(top, rows, size);
        float[] view = new float[3 * size * size];
        float[] line = new float[down.count() * size];
        for (int band = 0; band < 3; band++) {
            int plane = band * width * height;
            for (int row = 0; row < down.count(); row++) {
                across.resample(image, plane + (down.first() + row) * width, line, row * size);
            }
            down.combine(line, view, band * size * size);
        }
        return view;
    }

    /// One of the eight ways to lay a square down.
    private static float[] turned(float[] view, int size, int way) {
        if (way == 0) {
            return view;
        }
        float[] result = new float[view.length];
        int area = size * size;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int u = (way & 1) == 0 ? x : size - 1 - x;
                int v = (way & 2) == 0 ? y : size - 1 - y;
                int from = (way & 4) == 0 ? v * size + u : u * size + v;
                int to = y * size + x;
                for (int plane = 0; plane < view.length; plane += area) {
                    result[plane + to] = view[plane + from];
                }
            }
        }
        return result;
    }
}
