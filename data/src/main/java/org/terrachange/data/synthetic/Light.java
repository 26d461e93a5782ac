package org.terrachange.data.synthetic;

/// Sun and sky of one date, relative to the light on open, level ground.
final class Light {
    /// Skylight is bluer than sunlight, so shadows are.
    private static final float[] SKY_TINT = {0.86f, 0.97f, 1.2f};

    private final double sunEast;
    private final double sunSouth;
    private final double sunUp;
    private final float sky;

    Light(Acquisition acquisition) {
        double across = StrictMath.cos(acquisition.sunElevation());
        sunEast = StrictMath.sin(acquisition.sunAzimuth()) * across;
        sunSouth = -StrictMath.cos(acquisition.sunAzimuth()) * across;
        sunUp = StrictMath.sin(acquisition.sunElevation());
        sky = (float) acquisition.skyLight();
    }

    double sunEast() {
        return sunEast;
    }

    double sunSouth() {
        return sunSouth;
    }

    double sunUp() {
        return sunUp;
    }

    float sky() {
        return sky;
    }

    /// Light on a surface whose normal has these components; they need not have unit length.
    float on(double east, double south, double up) {
        double norm = Math.sqrt(east * east + south * south + up * up);
        double facing = Math.max(0, (east * sunEast + south * sunSouth + up * sunUp) / norm);
        return (float) (sky * (0.5 + 0.5 * up / norm) + (1 - sky) * facing / sunUp);
    }

    /// Light that reaches level ground in shadow, by colour channel.
    ///
    /// @param shadow share of sunlight that is blocked
    float inShadow(int channel, float shadow) {
        return 1 + shadow * (sky * SKY_TINT[channel] - 1);
    }
}
