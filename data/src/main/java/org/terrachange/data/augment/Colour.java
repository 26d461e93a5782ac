package org.terrachange.data.augment;

import java.util.random.RandomGenerator;

/// A change of light and sensor: white balance, contrast about mid-grey, brightness, gamma and saturation.
///
/// @param gain factor of each of red, green and blue
/// @param contrast slope about mid-grey
/// @param brightness added, as a share of full scale
/// @param gamma exponent
/// @param saturation 0 grey, 1 unchanged
/// @param noise standard deviation of sensor noise, in 8-bit steps
/// @param noiseSeed what the noise is drawn from
public record Colour(
        float[] gain, float contrast, float brightness, float gamma, float saturation, float noise, long noiseSeed) {

    /// Draws a change.
    ///
    /// @param strength 0 for none, 1 for what training a detector uses at most
    public static Colour draw(RandomGenerator random, double strength) {
        return new Colour(
                new float[] {
                    around(random, 0.08 * strength), around(random, 0.08 * strength), around(random, 0.08 * strength)
                },
                around(random, 0.25 * strength),
                (float) ((random.nextDouble() - 0.5) * 0.3 * strength),
                around(random, 0.25 * strength),
                around(random, 0.4 * strength),
                random.nextDouble() < 0.3 ? (float) (random.nextDouble() * 6 * strength) : 0,
                random.nextLong());
    }

    /// A factor between `1 / (1 + spread)` and `1 + spread`.
    private static float around(RandomGenerator random, double spread) {
        return (float) Math.pow(1 + spread, 2 * random.nextDouble() - 1);
    }

    /// Applies two changes, one after the other, to planar RGB samples from 0 to 255.
    public static byte[] apply(float[] image, Colour first, Colour second) {
        int area = image.length / 3;
        float[][] curves = new float[3][];
        for (int band = 0; band < 3; band++) {
            curves[band] = curve(first, second, band);
        }
        float saturation = first.saturation * second.saturation;
        float noise = first.noise + second.noise;
        var random = new java.util.SplittableRandom(second.noiseSeed);
        byte[] out = new byte[image.length];
        for (int i = 0; i < area; i++) {
            float r = curves[0][(int) (image[i] * 4)];
            float g = curves[1][(int) (image[i + area] * 4)];
            float b = curves[2][(int) (image[i + 2 * area] * 4)];
            float grey = 0.299f * r + 0.587f * g + 0.114f * b;
            if (noise > 0) {
                // The sum of two uniform draws is close enough to a sensor's noise and far cheaper than a normal one.
                grey += noise * 1.22f * (float) (random.nextDouble() + random.nextDouble() - 1) * 2;
            }
            float base = grey - (0.299f * r + 0.587f * g + 0.114f * b) * saturation;
            out[i] = toByte(base + saturation * r);
            out[i + area] = toByte(base + saturation * g);
            out[i + 2 * area] = toByte(base + saturation * b);
        }
        return out;
    }

    /// Both changes of one band as a table over quarter steps of the 8-bit range.
    private static float[] curve(Colour first, Colour second, int band) {
        float[] table = new float[256 * 4 + 1];
        for (int i = 0; i < table.length; i++) {
            double v = i / 1020.0;
            for (Colour c : new Colour[] {first, second}) {
                v = (v * c.gain[band] - 0.5) * c.contrast + 0.5 + c.brightness;
                v = Math.pow(Math.clamp(v, 0, 1), c.gamma);
            }
            table[i] = (float) (v * 255);
        }
        return table;
    }

    private static byte toByte(float value) {
        return (byte) Math.clamp(Math.round(value), 0, 255);
    }
}
