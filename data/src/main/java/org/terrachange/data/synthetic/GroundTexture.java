package org.terrachange.data.synthetic;

/// The colour of the ground at every position.
@FunctionalInterface
interface GroundTexture {

    /// Writes the albedo of red, green and blue at a position into `rgb`.
    void at(double x, double y, float[] rgb);

    /// The texture of a surface on one date.
    ///
    /// @param soil colour of the scene's bare soil
    static GroundTexture of(Surface surface, Acquisition date, Albedo soil) {
        int seed = surface.seed();
        float tone = (float) surface.tone();
        float green = (float) date.greenness();
        return switch (surface.material()) {
            case GRASS -> grass(surface, green, soil);
            case LAWN -> lawn(surface, green);
            case EARTH -> earth(surface, soil);
            case FIELD -> field(surface, date, soil);
            case ASPHALT ->
                (x, y, rgb) -> {
                    float wear = Noise.fractal(seed, x / 22, y / 22, 3, 0.6f);
                    float grain = Noise.value(seed + 9, x / 0.8, y / 0.8);
                    set(rgb, 0.168f, 0.163f, 0.158f, tone * (1 + 0.1f * wear + 0.05f * grain));
                };
            case CONCRETE ->
                (x, y, rgb) -> {
                    float stain = Noise.fractal(seed, x / 9, y / 9, 4, 0.6f);
                    float grain = Noise.value(seed + 9, x / 0.7, y / 0.7);
                    set(rgb, 0.375f, 0.355f, 0.32f, tone * (1 + 0.14f * stain + 0.05f * grain));
                };
            case GRAVEL ->
                (x, y, rgb) -> {
                    float patch = Noise.fractal(seed, x / 5, y / 5, 4, 0.65f);
                    set(rgb, 0.31f, 0.275f, 0.225f, tone * (1 + 0.3f * patch));
                };
            case SAND ->
                (x, y, rgb) -> {
                    float ripple = Noise.fractal(seed, x / 3, y / 3, 3, 0.6f);
                    set(rgb, 0.66f, 0.6f, 0.5f, tone * (1 + 0.1f * ripple));
                };
            case WATER ->
                (x, y, rgb) -> {
                    float drift = Noise.fractal(seed, x / 40, y / 40, 3, 0.6f);
                    float ripple = Noise.value(seed + 5, x / 1.5, y / 1.5);
                    set(rgb, 0.036f, 0.043f, 0.03f, tone * (1 + 0.15f * drift + 0.06f * ripple));
                };
            case POOL ->
                (x, y, rgb) -> {
                    float glitter = Noise.value(seed, x / 0.9, y / 0.9);
                    set(rgb, 0.09f, 0.36f, 0.46f, tone * (1 + 0.18f * glitter));
                };
            case WHITE_PAINT ->
                (x, y, rgb) -> set(rgb, 0.62f, 0.61f, 0.58f, 1 + 0.25f * Noise.fractal(seed, x / 3, y / 3, 2, 0.6f));
            case YELLOW_PAINT ->
                (x, y, rgb) -> set(rgb, 0.5f, 0.36f, 0.1f, 1 + 0.25f * Noise.fractal(seed, x / 3, y / 3, 2, 0.6f));
        };
    }

    private static GroundTexture grass(Surface surface, float green, Albedo soil) {
        int seed = surface.seed();
        float tone = (float) surface.tone();
        float vigour = (float) surface.vigour();
        return (x, y, rgb) -> {
            float stand = Noise.fractal(seed, x / 60, y / 60, 4, 0.55f);
            float tuft = Noise.fractal(seed + 1, x / 4.5, y / 4.5, 4, 0.65f);
            float grain = Noise.value(seed + 2, x / 0.75, y / 0.75);
            float clump = Noise.fractal(seed + 5, x / 17, y / 17, 3, 0.6f);
            float lush = clamp(green * (0.4f + vigour) + 0.55f * stand + 0.25f * clump + 0.25f * tuft);
            mix(rgb, lush, 0.2f, 0.165f, 0.115f, 0.074f, 0.092f, 0.043f);
            float bare = clamp(3.5f * (0.55f * tuft - 0.75f * stand - 0.12f - 0.35f * vigour));
            blend(rgb, soil, 0.8f * bare);
            scale(rgb, tone * (1 + 0.3f * tuft + 0.2f * clump + 0.14f * stand + 0.16f * grain));
        };
    }

    private static GroundTexture lawn(Surface surface, float green) {
        int seed = surface.seed();
        float tone = (float) surface.tone();
        float vigour = (float) surface.vigour();
        double east = StrictMath.cos(surface.bearing());
        double south = StrictMath.sin(surface.bearing());
        float stripes = surface.bearing() == 0 ? 0 : 0.05f;
        return (x, y, rgb) -> {
            float stand = Noise.fractal(seed, x / 14, y / 14, 4, 0.6f);
            float grain = Noise.fractal(seed + 2, x / 1.4, y / 1.4, 2, 0.7f);
            float lush = clamp(0.15f + green * (0.3f + vigour) + 0.5f * stand + 0.15f * grain);
            mix(rgb, lush, 0.195f, 0.162f, 0.112f, 0.075f, 0.103f, 0.044f);
            float stripe = Noise.value(seed + 4, (x * south - y * east) / 4, 0.5);
            scale(rgb, tone * (1 + 0.13f * grain + 0.12f * stand + stripes * stripe));
        };
    }

    private static GroundTexture earth(Surface surface, Albedo soil) {
        int seed = surface.seed();
        float tone = (float) surface.tone();
        double east = StrictMath.cos(surface.bearing());
        double south = StrictMath.sin(surface.bearing());
        return (x, y, rgb) -> {
            float patch = Noise.fractal(seed, x / 32, y / 32, 5, 0.6f);
            double u = x * east + y * south;
            double v = y * east - x * south;
            float track = Noise.value(seed + 3, u / 30, v / 1.3 + 7 * patch);
            float clod = Noise.fractal(seed + 6, x / 1.8, y / 1.8, 2, 0.7f);
            mix(
                    rgb,
                    clamp(2.4f * Noise.fractal(seed + 11, x / 13, y / 13, 4, 0.6f) - 0.25f),
                    soil.red(),
                    soil.green(),
                    soil.blue(),
                    0.15f,
                    0.145f,
                    0.09f);
            scale(rgb, tone * (1 + 0.5f * patch + 0.07f * track + 0.2f * clod));
        };
    }

    private static GroundTexture field(Surface surface, Acquisition date, Albedo soil) {
        int seed = surface.seed();
        Dice dice = Dice.of(seed, date.seed());
        Albedo crop = switch (dice.weighted(1.5, 0.4 + 3 * date.greenness(), 1, 1.2)) {
            case 0 -> soil.times(dice.between(0.6, 0.9));
            case 1 -> Albedo.of(0.062, 0.09, 0.045).mix(Albedo.of(0.115, 0.122, 0.065), dice.unit());
            case 2 -> Albedo.of(0.27, 0.215, 0.125).times(dice.between(0.85, 1.1));
            default -> Albedo.of(0.2, 0.165, 0.12).mix(soil, 0.4);
        };
        float tone = (float) surface.tone();
        float thin = (float) dice.between(0.1, 0.55);
        double east = StrictMath.cos(surface.bearing());
        double south = StrictMath.sin(surface.bearing());
        double rows = Dice.of(seed, 1).between(1.6, 3.2);
        double lanes = Dice.of(seed, 2).between(18, 27);
        double bow = Dice.of(seed, 3).between(0, 5);
        return (x, y, rgb) -> {
            float patch = Noise.fractal(seed, x / 55, y / 55, 4, 0.55f);
            double u = x * east + y * south;
            double v = y * east - x * south + bow * Noise.value(seed + 8, u / 160, 0.5);
            float streak = 0.6f * Noise.value(seed + 3, u / 45, v / rows) + 0.4f * Noise.value(seed + 4, u / 90, v / 7);
            float tuft = Noise.fractal(seed + 6, x / 1.7, y / 1.7, 3, 0.7f);
            float gap = clamp(thin + 0.45f * patch + 0.35f * streak + 0.3f * tuft - 0.2f);
            mix(rgb, gap, crop.red(), crop.green(), crop.blue(), soil.red(), soil.green(), soil.blue());
            double lane = v / lanes;
            double fromLane = Math.abs(lane - Math.rint(lane)) * lanes;
            float wheel = fromLane > 0.6 && fromLane < 1.3 ? 0.14f : 0;
            scale(rgb, tone * (1 + 0.16f * streak + 0.2f * tuft + 0.12f * patch - wheel));
        };
    }

    private static float clamp(float value) {
        return Math.clamp(value, 0f, 1f);
    }

    private static void set(float[] rgb, float red, float green, float blue, float factor) {
        rgb[0] = red * factor;
        rgb[1] = green * factor;
        rgb[2] = blue * factor;
    }

    private static void mix(
            float[] rgb, float share, float red, float green, float blue, float red1, float green1, float blue1) {
        rgb[0] = red + share * (red1 - red);
        rgb[1] = green + share * (green1 - green);
        rgb[2] = blue + share * (blue1 - blue);
    }

    private static void blend(float[] rgb, Albedo other, float share) {
        rgb[0] += share * (other.red() - rgb[0]);
        rgb[1] += share * (other.green() - rgb[1]);
        rgb[2] += share * (other.blue() - rgb[2]);
    }

    private static void scale(float[] rgb, float factor) {
        rgb[0] *= factor;
        rgb[1] *= factor;
        rgb[2] *= factor;
    }
}
