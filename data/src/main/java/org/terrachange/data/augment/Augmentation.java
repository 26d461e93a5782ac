package org.terrachange.data.augment;

/// What a training crop may differ in from the pair it is cut from. All choices are drawn anew for every crop.
///
/// @param minScale smallest size of a crop's pixel, in pixels of the image
/// @param maxScale largest one; drawn log-uniformly in between
/// @param changeCentred share of crops centred on a changed pixel, where the pair has one
/// @param freeRotation share of crops turned by any angle instead of a multiple of 90 degrees
/// @param shift largest misregistration of the second date, in pixels of the image
/// @param colour strength of brightness, contrast, gamma, saturation and white balance changes: 0 none, 1 full
/// @param swap share of crops whose dates are exchanged; what appeared then vanishes, and the mask stays
/// @param pixelExact share of crops that keep the image's own pixels: no other scale, quarter turns, no shift
public record Augmentation(
        double minScale,
        double maxScale,
        double changeCentred,
        double freeRotation,
        double shift,
        double colour,
        double swap,
        double pixelExact) {

    public Augmentation {
        if (minScale <= 0 || maxScale < minScale) {
            throw new IllegalArgumentException(
                    "scales must satisfy 0 < min <= max, got " + minScale + " and " + maxScale);
        }
        for (double share : new double[] {changeCentred, freeRotation, swap, pixelExact}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("a share of crops lies from 0 to 1, got " + share);
            }
        }
        if (!(shift >= 0 && colour >= 0)) {
            throw new IllegalArgumentException("shift and colour must not be below 0, got " + shift + " and " + colour);
        }
    }

    /// The gentle settings of the last stage of the bundled detector's training, on 0.5-1 m imagery of buildings.
    public static Augmentation standard() {
        return new Augmentation(0.75, 1.35, 0.6, 0.1, 0.3, 0.25, 0.5, 0.25);
    }

    /// The same for images whose pixel size on the ground is known, so that crops of all of them cover one range of
    /// ground sampling distances. Images outside the range have no pixel-exact crops.
    ///
    /// @param gsd of the images, in metres a pixel
    /// @param finest pixel size of crops, in metres
    /// @param coarsest pixel size of crops, in metres
    public Augmentation onGround(double gsd, double finest, double coarsest) {
        if (!(gsd > 0)) {
            throw new IllegalArgumentException("a ground sampling distance must be above 0 m, got " + gsd);
        }
        return new Augmentation(
                finest / gsd,
                coarsest / gsd,
                changeCentred,
                freeRotation,
                shift,
                colour,
                swap,
                gsd >= finest && gsd <= coarsest ? pixelExact : 0);
    }
}
