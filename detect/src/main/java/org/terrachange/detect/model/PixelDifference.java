package org.terrachange.detect.model;

/// The baseline that learns nothing: how far the colours of a pixel lie apart (change vector analysis, Malila
/// 1980), after the later date was given the mean and deviation of the earlier one band by band, averaged over
/// 5x5 pixels.
///
/// A score is the mean difference of the bands in units of the earlier date's deviation, divided by 4 and cut
/// off at 1.
public final class PixelDifference implements PairScorer {
    private static final int REACH = 2;
    private static final double FULL = 4;

    @Override
    public float[] probabilities(byte[] before, byte[] after, int count, int height, int width) {
        int area = height * width;
        float[] scores = new float[count * area];
        float[] difference = new float[area];
        for (int pair = 0; pair < count; pair++) {
            java.util.Arrays.fill(difference, 0);
            for (int band = 0; band < 3; band++) {
                int plane = (pair * 3 + band) * area;
                Moments first = Moments.of(before, plane, area);
                Moments second = Moments.of(after, plane, area);
                for (int i = 0; i < area; i++) {
                    double a = first.standard(before[plane + i] & 0xff);
                    double b = second.standard(after[plane + i] & 0xff);
                    difference[i] += (float) (Math.abs(a - b) / 3);
                }
            }
            smooth(difference, width, height, scores, pair * area);
        }
        return scores;
    }

    /// The mean over the pixels in reach that lie inside the image.
    private static void smooth(float[] values, int width, int height, float[] scores, int offset) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sum = 0;
                int pixels = 0;
                for (int v = Math.max(0, y - REACH); v <= Math.min(height - 1, y + REACH); v++) {
                    for (int u = Math.max(0, x - REACH); u <= Math.min(width - 1, x + REACH); u++) {
                        sum += values[v * width + u];
                        pixels++;
                    }
                }
                scores[offset + y * width + x] = (float) Math.min(1, sum / pixels / FULL);
            }
        }
    }

    /// Mean and deviation of a band.
    private record Moments(double mean, double deviation) {
        static Moments of(byte[] image, int from, int length) {
            double sum = 0;
            double squares = 0;
            for (int i = from; i < from + length; i++) {
                int value = image[i] & 0xff;
                sum += value;
                squares += value * value;
            }
            double mean = sum / length;
            return new Moments(mean, Math.sqrt(Math.max(1, squares / length - mean * mean)));
        }

        double standard(int value) {
            return (value - mean) / deviation;
        }
    }
}
