package org.terrachange.data.synthetic;

/// Paints crowns as lumpy domes lit by the sun, and their shadows.
final class TreePainter {
    private static final float[] TWIGS = {0.125f, 0.108f, 0.09f};

    private final Canvas canvas;
    private final Acquisition date;
    private final Light light;
    private final float[] colour = new float[3];

    TreePainter(Canvas canvas, Acquisition date, Light light) {
        this.canvas = canvas;
        this.date = date;
        this.light = light;
    }

    private float leaves(Tree tree) {
        if (tree.evergreen()) {
            return 1;
        }
        float own = 0.15f * Noise.lattice(tree.seed(), 3, 1);
        return Math.clamp((float) date.foliage() + (date.foliage() > 0.05 && date.foliage() < 0.95 ? own : 0), 0f, 1f);
    }

    /// The shadow of a crown is that of an egg whose middle hangs at 0.6 of the height.
    void shadow(Tree tree) {
        double east = date.shadowEast();
        double south = date.shadowSouth();
        double reach = Polyline.length(east, south);
        Point away = new Point(east, south).unit();
        double long_ = Math.sqrt(tree.radius() * tree.radius() + StrictMath.pow(0.36 * tree.height() * reach, 2));
        Point centre = tree.position().plus(new Point(east, south).times(0.6 * tree.height()));
        float opacity = 0.35f + 0.6f * leaves(tree);
        double soft = tree.radius() / canvas.metresPerPixel();
        double around = 1.2 * long_;
        canvas.scan(
                new Bounds(centre.x() - around, centre.y() - around, centre.x() + around, centre.y() + around),
                0,
                (index, x, y, _) -> {
                    double dx = x - centre.x();
                    double dy = y - centre.y();
                    double u = (dx * away.x() + dy * away.y()) / long_;
                    double v = (dy * away.x() - dx * away.y()) / tree.radius();
                    double r = Math.sqrt(u * u + v * v);
                    if (r < 1.2) {
                        r *= 1 + 0.2 * Noise.value(tree.seed() + 5, x / 1.3, y / 1.3);
                        float inside = Math.clamp((float) ((1 - r) * soft * 0.6 + 0.5), 0f, 1f);
                        canvas.shade(index, opacity * inside);
                    }
                });
    }

    void crown(Tree tree) {
        int seed = tree.seed();
        double radius = tree.radius();
        double middle = 0.6 * tree.height();
        float leaves = leaves(tree);
        float hue = Noise.lattice(seed, 0, 7);
        float depth = 1 + 0.28f * Noise.lattice(seed, 1, 7);
        float red = (tree.evergreen() ? 0.05f : 0.066f) * depth * (1 + 0.2f * hue);
        float green = (tree.evergreen() ? 0.066f : 0.09f) * depth;
        float blue = (tree.evergreen() ? 0.029f : 0.031f) * depth * (1 - 0.15f * hue);
        if (!tree.evergreen()) {
            float turned = Math.clamp((float) date.autumn() * (1 + 0.6f * Noise.lattice(seed, 2, 7)), 0f, 1f);
            red += turned * (0.135f + 0.04f * hue - red);
            green += turned * (0.088f - green);
            blue += turned * (0.038f - blue);
        }
        red = TWIGS[0] + leaves * (red - TWIGS[0]);
        green = TWIGS[1] + leaves * (green - TWIGS[1]);
        blue = TWIGS[2] + leaves * (blue - TWIGS[2]);
        float albedoRed = red;
        float albedoGreen = green;
        float albedoBlue = blue;
        float opacity = 0.38f + 0.6f * leaves;
        double lump = Math.clamp(radius * 0.5, 0.9, 2.2);
        double soft = radius / canvas.metresPerPixel();
        double x0 = tree.position().x();
        double y0 = tree.position().y();
        double reach = radius * 1.3;
        double bump = Math.max(0.35, 0.6 * canvas.metresPerPixel());
        canvas.scan(new Bounds(x0 - reach, y0 - reach, x0 + reach, y0 + reach), middle, (index, x, y, _) -> {
            double dx = (x - x0) / radius;
            double dy = (y - y0) / radius;
            double square = dx * dx + dy * dy;
            if (square > 1.6) {
                return;
            }
            float shape = Noise.value(seed, x / lump, y / lump);
            double r = Math.sqrt(square) * (1 + 0.3 * shape);
            float twigs = Noise.value(seed + 2, x / 0.55, y / 0.55);
            float inside = Math.clamp((float) ((1 - r) * soft * 0.8 + 0.5), 0f, 1f);
            if (inside == 0) {
                return;
            }
            double up = Math.sqrt(Math.max(0.04, 1 - r * r));
            // Light across the clumps: the noise's slope towards the sun.
            double sx = light.sunEast() * bump;
            double sy = light.sunSouth() * bump;
            float slope = Noise.value(seed + 3, (x + sx) / 1.15, (y + sy) / 1.15)
                    - Noise.value(seed + 3, (x - sx) / 1.15, (y - sy) / 1.15);
            double facing = 0.75 * (dx * light.sunEast() + dy * light.sunSouth()) + up * light.sunUp();
            double direct = Math.max(0, facing - 0.42 * slope) / light.sunUp();
            float sky = light.sky() * (float) (0.45 + 0.55 * up);
            float lit = (float) (sky + (1 - light.sky()) * Math.min(1.5, direct)) * (1 + 0.22f * twigs);
            colour[0] = albedoRed * lit;
            colour[1] = albedoGreen * lit;
            colour[2] = albedoBlue * lit * (1 + 0.08f * (1 - Math.min(1f, lit)));
            float share = inside * opacity;
            if (leaves < 0.6f) {
                share *= Math.clamp(0.75f + 0.6f * twigs + 0.5f * slope, 0f, 1f);
            }
            canvas.blend(index, colour, share);
        });
    }
}
