package org.terrachange.data.synthetic;

/// How one date's image was taken: season, light, view and sensor. None of it counts as change.
///
/// @param greenness how green grass is, 0 (dormant) to 1
/// @param foliage how much of their leaves deciduous trees carry, 0 to 1
/// @param autumn how far leaves have turned, 0 to 1
/// @param sunAzimuth radians clockwise from north
/// @param sunElevation radians above the horizon
/// @param skyLight light from the sky relative to full light on level ground, 0.15 (clear) to 0.4
/// @param leanEast metres that a point moves east in the image for each metre of its height
/// @param leanSouth metres that it moves south
/// @param shiftEast metres that the whole image is displaced east
/// @param shiftSouth metres that it is displaced south
/// @param exposure factor on light
/// @param gains white balance of red, green and blue
/// @param haze share of veiling light, 0 to 0.3
/// @param contrast steepness of the tone curve, about 0.7 to 1.5
/// @param saturation of colours, about 0.6 to 1.2
/// @param blur standard deviation of the point spread function, pixels
/// @param sharpening weight of the unsharp mask that image producers apply
/// @param noise standard deviation of the sensor noise, in 8-bit counts
/// @param seed of the noise and of everything that moves
record Acquisition(
        double greenness,
        double foliage,
        double autumn,
        double sunAzimuth,
        double sunElevation,
        double skyLight,
        double leanEast,
        double leanSouth,
        double shiftEast,
        double shiftSouth,
        double exposure,
        Albedo gains,
        double haze,
        double contrast,
        double saturation,
        double blur,
        double sharpening,
        double noise,
        int seed) {

    static Acquisition draw(Dice dice, double metresPerPixel) {
        double greenness;
        double foliage;
        double autumn = 0;
        double elevation;
        switch (dice.weighted(4, 3, 2, 3)) {
            case 0 -> { // summer
                greenness = dice.between(0.55, 0.9);
                foliage = 1;
                elevation = dice.between(52, 66);
            }
            case 1 -> { // dry late summer
                greenness = dice.between(0.2, 0.45);
                foliage = dice.between(0.85, 1);
                elevation = dice.between(46, 58);
            }
            case 2 -> { // autumn
                greenness = dice.between(0.35, 0.6);
                foliage = dice.between(0.6, 0.9);
                autumn = dice.between(0.3, 0.9);
                elevation = dice.between(36, 46);
            }
            default -> { // winter
                greenness = dice.between(0.05, 0.3);
                foliage = dice.between(0, 0.2);
                elevation = dice.between(33, 44);
            }
        }
        double lean = StrictMath.tan(StrictMath.toRadians(dice.between(1, 14)));
        double viewBearing = dice.between(0, 2 * Math.PI);
        double shift = dice.between(0, 0.9) * metresPerPixel;
        double shiftBearing = dice.between(0, 2 * Math.PI);
        double warmth = dice.bell() * 0.035;
        double tint = dice.bell() * 0.02;
        return new Acquisition(
                greenness,
                foliage,
                autumn,
                StrictMath.toRadians(dice.chance(0.6) ? dice.between(125, 165) : dice.between(195, 235)),
                StrictMath.toRadians(elevation),
                dice.between(0.14, 0.25),
                lean * StrictMath.cos(viewBearing),
                lean * StrictMath.sin(viewBearing),
                shift * StrictMath.cos(shiftBearing),
                shift * StrictMath.sin(shiftBearing),
                dice.between(0.75, 1.15),
                Albedo.of(1 + warmth, 1 + tint, 1 - warmth),
                dice.chance(0.2) ? dice.between(0.05, 0.12) : dice.between(0, 0.04),
                dice.between(1.05, 1.5),
                dice.between(0.8, 1.1),
                dice.between(0.5, 0.8),
                dice.between(0.3, 1),
                dice.between(0.8, 2.4),
                dice.nextInt());
    }

    /// Metres east that the shadow of a point reaches for each metre of its height.
    double shadowEast() {
        return -StrictMath.sin(sunAzimuth) / StrictMath.tan(sunElevation);
    }

    /// Metres south that the shadow of a point reaches for each metre of its height.
    double shadowSouth() {
        return StrictMath.cos(sunAzimuth) / StrictMath.tan(sunElevation);
    }
}
