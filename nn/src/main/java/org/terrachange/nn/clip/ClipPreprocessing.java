package org.terrachange.nn.clip;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;

/// Makes the input of an image tower from 8-bit images of any size: the shorter side is resized to that of the
/// tower by PIL's antialiased bicubic filter, the centre is cut out, and the values are normalised.
///
/// @param size width and height of the result in pixels
/// @param normalization that the tower was trained with
public record ClipPreprocessing(int size, ImageNormalization normalization) {
    /// The statistics of CLIP's own training images.
    public static final ImageNormalization CLIP = new ImageNormalization(
            List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));

    private static final int LARGEST = 1 << 14;

    public ClipPreprocessing {
        if (size < 1 || size > LARGEST) {
            throw new IllegalArgumentException("the size must be between 1 and " + LARGEST + ", got " + size);
        }
    }

    /// The preprocessing of a published CLIP.
    public static ClipPreprocessing of(ClipConfiguration configuration) {
        return new ClipPreprocessing(configuration.vision().imageSize(), CLIP);
    }

    /// Images as the tower takes them; several are resized at a time.
    ///
    /// @param images `[count, 3, height, width]`, 8-bit RGB
    /// @return `[count, 3, size, size]`, channels-last in memory; belongs to the caller's pointer scope
    public Tensor apply(byte[] images, int count, int height, int width, ComputeMode mode) {
        return normalization.apply(resized(images, count, height, width), count, size, size, mode);
    }

    /// The resized and centred images, still in 8 bits: what is worth keeping where images are used more than
    /// once.
    ///
    /// @param images `[count, 3, height, width]`, 8-bit RGB
    /// @return `[count, 3, size, size]`; the array given, where it has that size already
    public byte[] resized(byte[] images, int count, int height, int width) {
        if (count < 1 || height < 1 || width < 1 || images.length != 3L * count * height * width) {
            throw new IllegalArgumentException(
                    images.length + " samples are not " + count + " RGB images of " + width + "x" + height);
        }
        if (width == size && height == size) {
            return images;
        }
        int shorter = Math.min(width, height);
        int toWidth = Math.toIntExact((long) size * width / shorter);
        int toHeight = Math.toIntExact((long) size * height / shorter);
        // Halves go to the even neighbour, as Python rounds them.
        int left = (int) Math.rint((toWidth - size) / 2.0);
        int top = (int) Math.rint((toHeight - size) / 2.0);
        int samples = 3 * size * size;
        byte[] result = new byte[Math.multiplyExact(count, samples)];
        IntStream.range(0, count)
                .parallel()
                .forEach(i -> BicubicResampler.resize(
                        images,
                        i * 3 * width * height,
                        width,
                        height,
                        toWidth,
                        toHeight,
                        left,
                        top,
                        size,
                        result,
                        i * samples));
        return result;
    }
}
