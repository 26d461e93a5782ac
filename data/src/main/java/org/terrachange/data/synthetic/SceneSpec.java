package org.terrachange.data.synthetic;

/// Everything that a scene follows from.
///
/// @param seed any number; equal specifications give equal bytes
/// @param width columns of the images, 16 to 40,000
/// @param height rows of the images, 16 to 40,000
/// @param metresPerPixel ground sampling distance, 0.1 to 2
/// @param style the character of the land
/// @param changes how much is built or removed between the dates
/// @param truth what counts as change
public record SceneSpec(
        long seed,
        int width,
        int height,
        double metresPerPixel,
        SceneStyle style,
        ChangeAmount changes,
        TruthClasses truth) {
    private static final double MAX_AREA_KM2 = 150;

    public SceneSpec {
        if (width < 16 || height < 16 || width > 40_000 || height > 40_000) {
            throw new IllegalArgumentException(
                    "a synthetic scene has 16 to 40,000 columns and rows, got " + width + "x" + height);
        }
        if (!(metresPerPixel >= 0.1 && metresPerPixel <= 2)) {
            throw new IllegalArgumentException(
                    "the ground sampling distance of a synthetic scene is 0.1 to 2 metres a pixel, got "
                            + metresPerPixel);
        }
        double area = width * metresPerPixel * height * metresPerPixel / 1e6;
        if (area > MAX_AREA_KM2) {
            throw new IllegalArgumentException(
                    "a synthetic scene of " + Math.round(area) + " square kilometres is over " + "the limit of "
                            + (int) MAX_AREA_KM2 + ": ask for fewer pixels or smaller ones");
        }
    }

    /// A scene at 0.5 m a pixel, in the style that the seed stands for, with moderate change of buildings.
    public static SceneSpec of(long seed, int width, int height) {
        return new SceneSpec(
                seed, width, height, 0.5, SceneStyle.ofSeed(seed), ChangeAmount.MODERATE, TruthClasses.BUILDINGS);
    }

    public SceneSpec withStyle(SceneStyle other) {
        return new SceneSpec(seed, width, height, metresPerPixel, other, changes, truth);
    }

    public SceneSpec withChanges(ChangeAmount other) {
        return new SceneSpec(seed, width, height, metresPerPixel, style, other, truth);
    }

    public SceneSpec withTruth(TruthClasses other) {
        return new SceneSpec(seed, width, height, metresPerPixel, style, changes, other);
    }

    public SceneSpec withMetresPerPixel(double other) {
        return new SceneSpec(seed, width, height, other, style, changes, truth);
    }

    /// Metres from the western to the eastern edge.
    double groundWidth() {
        return width * metresPerPixel;
    }

    /// Metres from the northern to the southern edge.
    double groundHeight() {
        return height * metresPerPixel;
    }
}
