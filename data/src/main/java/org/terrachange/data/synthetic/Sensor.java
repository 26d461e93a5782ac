package org.terrachange.data.synthetic;

import org.terrachange.raster.Window;

/// Turns linear light into the 8-bit image that a camera and its processing deliver: optical blur, exposure, haze,
/// tone
/// curve, noise and sharpening.
final class Sensor {
    /// Pixels around a window that its own pixels depend on.
    static final int MARGIN = 8;

    private static final int RADIUS = 3;
    private static final float HAZE_RED = 0.42f;
    private static final float HAZE_GREEN = 0.46f;
    private static final float HAZE_BLUE = 0.52f;
    /// Lit concrete, albedo 0.37, comes out near 175 of 255 at exposure 1.
    private static final float SENSITIVITY = 1.25f;

    private final Acquisition date;

    Sensor(Acquisition date) {
        this.date = date;
    }

    /// Develops a canvas, dropping [#MARGIN] pixels on every side.
    ///
    /// @return red, green and blue of the inner window, row by row
    byte[][] develop(Canvas canvas) {
        Window outer = canvas.window;
        float[][] bands = {canvas.red, canvas.green, canvas.blue};
        float[] scratch = new float[bands[0].length];
        for (float[] band : bands) {
            blur(band, scratch, outer, date.blur());
        }
        tone(bands);
        grain(bands, outer);
        int width = outer.width() - 2 * MARGIN;
        int height = outer.height() - 2 * MARGIN;
        byte[][] image = new byte[3][width * height];
        float[] soft = new float[scratch.length];
        for (int b = 0; b < 3; b++) {
            System.arraycopy(bands[b], 0, soft, 0, soft.length);
            blur(soft, scratch, outer, 1);
            float weight = (float) date.sharpening();
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int at = (y + MARGIN) * outer.width() + x + MARGIN;
                    float value = bands[b][at] + weight * (bands[b][at] - soft[at]);
                    image[b][y * width + x] = (byte) Math.clamp((int) (value * 255 + 0.5f), 0, 255);
                }
            }
        }
        return image;
    }

    private static float[] kernel(double deviation) {
        float[] kernel = new float[RADIUS + 1];
        double sum = 0;
        for (int k = 0; k <= RADIUS; k++) {
            double weight = StrictMath.exp(-k * k / (2 * deviation * deviation));
            kernel[k] = (float) weight;
            sum += k == 0 ? weight : 2 * weight;
        }
        for (int k = 0; k <= RADIUS; k++) {
            kernel[k] /= (float) sum;
        }
        return kernel;
    }

    /// Gaussian blur in place; the outermost [#RADIUS] pixels keep their values and are never shown.
    private static void blur(float[] band, float[] scratch, Window window, double deviation) {
        float[] k = kernel(deviation);
        int width = window.width();
        System.arraycopy(band, 0, scratch, 0, band.length);
        for (int y = 0; y < window.height(); y++) {
            for (int i = y * width + RADIUS; i < (y + 1) * width - RADIUS; i++) {
                scratch[i] = k[0] * band[i]
                        + k[1] * (band[i - 1] + band[i + 1])
                        + k[2] * (band[i - 2] + band[i + 2])
                        + k[3] * (band[i - 3] + band[i + 3]);
            }
        }
        for (int i = RADIUS * width; i < band.length - RADIUS * width; i++) {
            band[i] = k[0] * scratch[i]
                    + k[1] * (scratch[i - width] + scratch[i + width])
                    + k[2] * (scratch[i - 2 * width] + scratch[i + 2 * width])
                    + k[3] * (scratch[i - 3 * width] + scratch[i + 3 * width]);
        }
    }

    private void tone(float[][] bands) {
        float haze = (float) date.haze();
        float clear = (1 - haze) * (float) date.exposure() * SENSITIVITY;
        float saturation = (float) date.saturation();
        Albedo gains = date.gains();
        for (int i = 0; i < bands[0].length; i++) {
            float red = clear * gains.red() * bands[0][i] + haze * HAZE_RED;
            float green = clear * gains.green() * bands[1][i] + haze * HAZE_GREEN;
            float blue = clear * gains.blue() * bands[2][i] + haze * HAZE_BLUE;
            float grey = 0.3f * red + 0.59f * green + 0.11f * blue;
            bands[0][i] = curve(grey + saturation * (red - grey));
            bands[1][i] = curve(grey + saturation * (green - grey));
            bands[2][i] = curve(grey + saturation * (blue - grey));
        }
    }

    /// Square-root gamma, contrast about a middle grey, and soft ends.
    private float curve(float light) {
        float v = 0.42f + ((float) Math.sqrt(Math.max(0, light)) - 0.42f) * (float) date.contrast();
        if (v > 0.78f) {
            float over = (v - 0.78f) / 0.22f;
            return 0.78f + 0.22f * over / (float) Math.sqrt(1 + over * over);
        }
        if (v < 0.12f) {
            float under = (0.12f - v) / 0.12f;
            return 0.12f - 0.12f * under / (float) Math.sqrt(1 + under * under);
        }
        return v;
    }

    private void grain(float[][] bands, Window window) {
        float amount = (float) date.noise() / 255;
        int seed = date.seed();
        for (int y = 0; y < window.height(); y++) {
            int row = window.y() + y;
            for (int x = 0; x < window.width(); x++) {
                int column = window.x() + x;
                float shared = amount * bell(seed, column, row);
                int i = y * window.width() + x;
                for (int b = 0; b < 3; b++) {
                    bands[b][i] += shared + 0.35f * amount * bell(seed + 17 * (b + 1), column, row);
                }
            }
        }
    }

    /// About normal: the sum of two uniform numbers, scaled to standard deviation 1.
    private static float bell(int seed, int x, int y) {
        return 1.2247449f * (Noise.lattice(seed, x, y) + Noise.lattice(seed + 0x51ed27, x, y));
    }
}
