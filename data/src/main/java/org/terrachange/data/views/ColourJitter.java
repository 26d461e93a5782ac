package org.terrachange.data.views;

import java.util.random.RandomGenerator;

/// Random brightness, contrast, saturation and hue in random order, and loss of colour, as SimCLR applies them
/// through torchvision's `ColorJitter` and `RandomGrayscale`.
final class ColourJitter {
    private static final double SPREAD = 0.8;
    private static final double HUE_SPREAD = 0.2;

    private ColourJitter() {}

    /// Changes an image in place.
    ///
    /// @param image planar RGB, 0 to 1
    /// @param area pixels of a plane
    static void apply(float[] image, int area, ViewSettings settings, RandomGenerator random) {
        if (random.nextDouble() < ViewSettings.JITTER && settings.jitter() > 0) {
            int[] order = {0, 1, 2, 3};
            for (int i = 3; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int kept = order[i];
                order[i] = order[j];
                order[j] = kept;
            }
            double spread = SPREAD * settings.jitter();
            for (int step : order) {
                switch (step) {
                    case 0 -> scale(image, factor(random, spread));
                    case 1 -> contrast(image, area, factor(random, spread));
                    case 2 -> saturate(image, area, factor(random, spread));
                    default ->
                        turnHue(image, area, (float) ((2 * random.nextDouble() - 1) * HUE_SPREAD * settings.jitter()));
                }
            }
        }
        if (random.nextDouble() < settings.gray()) {
            saturate(image, area, 0);
        }
    }

    private static float factor(RandomGenerator random, double spread) {
        return (float) (1 + (2 * random.nextDouble() - 1) * spread);
    }

    private static float clamped(float value) {
        return Math.max(0f, Math.min(1f, value));
    }

    private static float luma(float[] image, int area, int i) {
        return 0.299f * image[i] + 0.587f * image[area + i] + 0.114f * image[2 * area + i];
    }

    private static void scale(float[] image, float factor) {
        for (int i = 0; i < image.length; i++) {
            image[i] = clamped(image[i] * factor);
        }
    }

    private static void contrast(float[] image, int area, float factor) {
        double sum = 0;
        for (int i = 0; i < area; i++) {
            sum += luma(image, area, i);
        }
        float mean = (float) (sum / area);
        for (int i = 0; i < image.length; i++) {
            image[i] = clamped(mean + (image[i] - mean) * factor);
        }
    }

    private static void saturate(float[] image, int area, float factor) {
        for (int i = 0; i < area; i++) {
            float gray = luma(image, area, i);
            for (int plane = i; plane < image.length; plane += area) {
                image[plane] = clamped(gray + (image[plane] - gray) * factor);
            }
        }
    }

    /// Turns the hue by a share of the circle, through the hexagonal hue of HSV.
    static void turnHue(float[] image, int area, float share) {
        for (int i = 0; i < area; i++) {
            float r = image[i];
            float g = image[area + i];
            float b = image[2 * area + i];
            float value = Math.max(r, Math.max(g, b));
            float chroma = value - Math.min(r, Math.min(g, b));
            if (chroma == 0) {
                continue;
            }
            float sextant = value == r ? (g - b) / chroma : value == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
            float hue = sextant + 6 * share;
            image[i] = component(hue, 5, value, chroma);
            image[area + i] = component(hue, 3, value, chroma);
            image[2 * area + i] = component(hue, 1, value, chroma);
        }
    }

    /// One colour of an HSV triple; `offset` is 5 for red, 3 for green, 1 for blue.
    private static float component(float hue, int offset, float value, float chroma) {
        float k = (hue + offset) % 6;
        float position = k < 0 ? k + 6 : k;
        return value - chroma * Math.max(0, Math.min(1, Math.min(position, 4 - position)));
    }
}
