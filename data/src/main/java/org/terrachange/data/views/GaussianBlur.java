package org.terrachange.data.views;

/// Gaussian blur of square images, one axis after the other, edges mirrored.
final class GaussianBlur {
    private GaussianBlur() {}

    /// Changes an image in place.
    ///
    /// @param image planar, any number of planes
    /// @param size width and height
    /// @param deviation standard deviation in pixels, above 0
    static void apply(float[] image, int size, double deviation) {
        int reach = (int) Math.min(size - 1, Math.ceil(3 * deviation));
        float[] weights = new float[reach + 1];
        float sum = 0;
        for (int i = 0; i <= reach; i++) {
            weights[i] = (float) Math.exp(-i * i / (2 * deviation * deviation));
            sum += i == 0 ? weights[i] : 2 * weights[i];
        }
        for (int i = 0; i <= reach; i++) {
            weights[i] /= sum;
        }
        float[] held = new float[size * size];
        for (int plane = 0; plane < image.length; plane += size * size) {
            for (int y = 0; y < size; y++) {
                int row = plane + y * size;
                for (int x = 0; x < size; x++) {
                    float value = weights[0] * image[row + x];
                    for (int i = 1; i <= reach; i++) {
                        value += weights[i] * (image[row + mirrored(x - i, size)] + image[row + mirrored(x + i, size)]);
                    }
                    held[y * size + x] = value;
                }
            }
            for (int y = 0; y < size; y++) {
                int to = plane + y * size;
                for (int x = 0; x < size; x++) {
                    image[to + x] = weights[0] * held[y * size + x];
                }
                for (int i = 1; i <= reach; i++) {
                    int above = mirrored(y - i, size) * size;
                    int below = mirrored(y + i, size) * size;
                    for (int x = 0; x < size; x++) {
                        image[to + x] += weights[i] * (held[above + x] + held[below + x]);
                    }
                }
            }
        }
    }

    private static int mirrored(int at, int size) {
        return at < 0 ? -at : at >= size ? 2 * size - 2 - at : at;
    }
}
