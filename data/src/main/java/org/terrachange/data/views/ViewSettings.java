package org.terrachange.data.views;

/// How far the views of an image may differ from it. The defaults are those of SimCLR (Chen et al. 2020,
/// appendix A), with quarter turns added: seen from above, the ground has no up.
///
/// @param size width and height of a view in pixels
/// @param minArea smallest share of the image's area that a view shows
/// @param maxArea largest share
/// @param jitter strength of the colour jitter: brightness, contrast and saturation change by a factor of up to
///     `1 ± 0.8 * jitter`, hue by up to `0.2 * jitter` of the circle; it happens with probability 0.8
/// @param gray probability of losing all colour
/// @param blur probability of Gaussian blur, with a standard deviation of 0.1 to 2 pixels for a view of 224
public record ViewSettings(int size, double minArea, double maxArea, double jitter, double gray, double blur) {

    /// Probability that colours jitter at all.
    static final double JITTER = 0.8;

    public ViewSettings {
        if (size < 32 || size % 32 != 0) {
            throw new IllegalArgumentException("the size of a view must be a multiple of 32, got " + size);
        }
        if (!(minArea > 0 && maxArea >= minArea && maxArea <= 1)) {
            throw new IllegalArgumentException(
                    "shares of the area rise from above 0 to at most 1, got " + minArea + " to " + maxArea);
        }
        if (!(jitter >= 0 && jitter <= 1) || !(gray >= 0 && gray <= 1) || !(blur >= 0 && blur <= 1)) {
            throw new IllegalArgumentException(
                    "jitter, gray and blur lie between 0 and 1, got " + jitter + ", " + gray + " and " + blur);
        }
    }

    /// SimCLR's settings for ImageNet.
    public static ViewSettings published(int size) {
        return new ViewSettings(size, 0.08, 1, 1, 0.2, 0.5);
    }
}
