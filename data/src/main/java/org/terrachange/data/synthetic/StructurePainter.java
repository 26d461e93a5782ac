package org.terrachange.data.synthetic;

import java.util.Arrays;
import java.util.Comparator;
import org.terrachange.data.synthetic.Building.Kind;
import org.terrachange.data.synthetic.Building.Part;
import org.terrachange.data.synthetic.Building.RoofShape;

/// Paints what people build above the ground: walls, roofs and roof furniture, cars and fences, and their shadows.
final class StructurePainter {
    private final Canvas canvas;
    private final Acquisition date;
    private final Epoch epoch;
    private final Light light;
    private final float[] colour = new float[3];

    StructurePainter(Canvas canvas, Acquisition date, Epoch epoch, Light light) {
        this.canvas = canvas;
        this.date = date;
        this.epoch = epoch;
        this.light = light;
    }

    void shadow(Building building) {
        for (Part part : building.parts()) {
            Box box = part.box();
            Point[] corners = corners(box);
            Point[] eaves = new Point[10];
            for (int i = 0; i < 4; i++) {
                eaves[i] = corners[i];
                eaves[i + 4] = cast(corners[i], part.eaves());
            }
            double inset = part.shape() == RoofShape.HIP ? box.halfWidth() : 0;
            eaves[8] = cast(box.at(box.halfLength() - inset, 0), part.ridge());
            eaves[9] = cast(box.at(inset - box.halfLength(), 0), part.ridge());
            canvas.fill(hull(eaves), 0, (index, _, _, coverage) -> canvas.shade(index, coverage));
        }
    }

    void shadow(Car car) {
        shadow(car.box(), car.height());
    }

    private void shadow(Box box, double height) {
        Point[] corners = corners(box);
        Point[] all = Arrays.copyOf(corners, 8);
        for (int i = 0; i < 4; i++) {
            all[i + 4] = cast(corners[i], height);
        }
        canvas.fill(hull(all), 0, (index, _, _, coverage) -> canvas.shade(index, 0.9f * coverage));
    }

    void shadow(Fence fence) {
        for (int i = 0; i + 1 < fence.line().size(); i++) {
            Point a = new Point(fence.line().x(i), fence.line().y(i));
            Point b = new Point(fence.line().x(i + 1), fence.line().y(i + 1));
            Ring ring = Ring.of(a, b, cast(b, fence.height()), cast(a, fence.height()));
            canvas.fill(ring, 0, (index, _, _, coverage) -> canvas.shade(index, 0.65f * coverage));
        }
    }

    private Point cast(Point p, double height) {
        return new Point(p.x() + height * date.shadowEast(), p.y() + height * date.shadowSouth());
    }

    void fence(Fence fence) {
        set(0.2f, 0.165f, 0.13f);
        canvas.stroke(fence.line(), 0.13, (index, _, _, coverage) -> canvas.blend(index, colour, coverage));
    }

    void car(Car car) {
        Box box = car.box();
        float top = light.on(0, 0, 1);
        set(car.paint(), 0.85f * top);
        canvas.fill(box.ring(), car.height() / 2, this::plain);
        if (car.isTrailer()) {
            set(car.paint(), top);
            canvas.fill(box.ring(), car.height(), this::plain);
            return;
        }
        set(0.03f, 0.035f, 0.04f);
        Box cabin = new Box(box.at(-0.2, 0), box.axis(), box.halfLength() * 0.62, box.halfWidth() * 0.85);
        canvas.fill(cabin.ring(), 1.1, this::plain);
        set(car.paint(), top);
        Box roof = new Box(box.at(-0.3, 0), box.axis(), box.halfLength() * 0.42, box.halfWidth() * 0.8);
        canvas.fill(roof.ring(), car.height(), this::plain);
    }

    private void plain(int index, double x, double y, float coverage) {
        canvas.blend(index, colour, coverage);
    }

    void building(Building building) {
        for (Part part : building.parts()) {
            walls(part, building.walls());
        }
        for (Part part : building.parts()) {
            if (building.kind() == Kind.HALL) {
                hallRoof(building, part);
            } else {
                tiledRoof(building, part);
            }
        }
    }

    private void walls(Part part, Albedo paint) {
        Box box = part.box();
        Point[] corners = corners(box);
        Point[] outward = {
            box.axis().turned().times(-1),
            box.axis(),
            box.axis().turned(),
            box.axis().times(-1)
        };
        for (int i = 0; i < 4; i++) {
            Point a = corners[i];
            Point b = corners[(i + 1) % 4];
            set(paint, light.on(outward[i].x(), outward[i].y(), 0));
            double[] columns = {
                canvas.column(a.x(), 0),
                canvas.column(b.x(), 0),
                canvas.column(b.x(), part.eaves()),
                canvas.column(a.x(), part.eaves())
            };
            double[] rows = {
                canvas.row(a.y(), 0),
                canvas.row(b.y(), 0),
                canvas.row(b.y(), part.eaves()),
                canvas.row(a.y(), part.eaves())
            };
            canvas.fill(columns, rows, 0, this::plain);
        }
    }

    /// Pitched roofs of several parts: the highest roof shows, which makes the ridges and valleys. Four samples a
    /// pixel
    /// smooth the edges between slopes.
    private void tiledRoof(Building building, Part part) {
        Albedo tiles = building.roof(epoch);
        int seed = building.seed();
        double quarter = canvas.metresPerPixel() / 4;
        canvas.fill(part.box().ring(), part.eaves(), (index, x, y, coverage) -> {
            float lit = 0;
            for (int k = 0; k < 4; k++) {
                double sx = x + ((k & 1) == 0 ? -quarter : quarter);
                double sy = y + (k < 2 ? -quarter : quarter);
                Part top = highest(building, part, sx, sy);
                Point fall = top.fall(sx, sy);
                lit += light.on(fall.x(), fall.y(), 1) / 4;
            }
            float weather = Noise.fractal(seed, x / 3.5, y / 3.5, 3, 0.6f);
            double across = part.box().across(x, y);
            float course = Noise.value(seed + 4, part.box().along(x, y) / 2.2, across / 0.55);
            set(tiles, Math.max(0.25f, 1.4f * lit - 0.4f) * (1 + 0.1f * weather + 0.07f * course));
            canvas.blend(index, colour, coverage);
        });
        Dice dice = Dice.of(seed, 31);
        Box box = part.box();
        if (part.equals(building.parts().getFirst()) && dice.chance(0.7)) {
            for (int k = 1 + dice.below(3); k > 0; k--) {
                Point p = box.at(dice.between(-0.6, 0.6) * box.halfLength(), dice.between(-0.6, 0.6) * box.halfWidth());
                unit(
                        new Box(p, box.axis(), dice.between(0.25, 0.5), 0.3),
                        part.eaves() + 1,
                        0.8,
                        dice.between(0.15, 0.6));
            }
            if (dice.chance(0.09)) {
                solarPanels(part, dice);
            }
        }
    }

    private void solarPanels(Part part, Dice dice) {
        Box box = part.box();
        int side =
                light.sunSouth() * box.axis().x() - light.sunEast() * box.axis().y() > 0 ? 1 : -1;
        Box panel = new Box(
                box.at(dice.between(-0.3, 0.3) * box.halfLength(), side * box.halfWidth() * 0.52),
                box.axis(),
                box.halfLength() * dice.between(0.2, 0.4),
                box.halfWidth() * 0.3);
        set(0.022f, 0.03f, 0.06f);
        canvas.fill(panel.ring(), part.eaves(), this::plain);
    }

    private static Part highest(Building building, Part part, double x, double y) {
        Part best = part;
        double height = -1;
        for (Part other : building.parts()) {
            if (other.box().contains(x, y) && other.height(x, y) > height) {
                height = other.height(x, y);
                best = other;
            }
        }
        return best;
    }

    /// Sheet-metal or membrane roofs: panels of slightly different age, a parapet or a ridge, rooflights, and
    /// plant with its own small shadows.
    private void hallRoof(Building building, Part part) {
        Box box = part.box();
        Albedo sheet = building.roof(epoch);
        int seed = building.seed();
        Dice dice = Dice.of(seed, 32);
        boolean flat = part.shape() == RoofShape.FLAT;
        double panel = dice.between(4, 9);
        float contrast = (float) dice.between(0.02, 0.09);
        double seam = dice.between(1.4, 2.6);
        double rim = flat ? dice.between(0.35, 0.8) : 0;
        float rimTone = (float) dice.between(0.75, 1.3);
        double rooflights = dice.chance(0.45) ? dice.between(9, 16) : 0;
        float rooflightTone = (float) (dice.chance(0.6) ? dice.between(1.2, 1.5) : dice.between(0.4, 0.7));
        canvas.fill(box.ring(), part.eaves(), (index, x, y, coverage) -> {
            double along = box.along(x, y);
            double across = box.across(x, y);
            Point fall = part.fall(x, y);
            float lit = light.on(fall.x(), fall.y(), 1);
            float age = contrast * Noise.lattice(seed + 1, (int) Math.floor(along / panel), across > 0 ? 1 : 0);
            float ribs = 0.035f * Noise.value(seed + 2, along / (seam / 2), 0.5);
            float stain = 0.16f * Noise.fractal(seed + 3, along / 7, across / 16, 4, 0.6f);
            float tone = 1 + age + ribs + stain;
            double edge = Math.min(box.halfLength() - Math.abs(along), box.halfWidth() - Math.abs(across));
            if (edge < rim) {
                tone *= rimTone;
            } else if (rooflights > 0 && edge > 4) {
                double cell = along / rooflights;
                boolean strip = Math.abs(cell - Math.rint(cell)) * rooflights < 0.75;
                if (strip && Math.abs(Math.abs(across) - box.halfWidth() / 2) < box.halfWidth() * 0.3) {
                    tone *= rooflightTone;
                }
            }
            set(sheet, lit * tone);
            canvas.blend(index, colour, coverage);
        });
        if (flat) {
            parapetShadow(part, rim);
            plant(part, dice);
        }
    }

    private void parapetShadow(Part part, double rim) {
        Box box = part.box();
        Box inner = box.grown(-rim);
        double rise = 0.7;
        double east = rise * date.shadowEast();
        double south = rise * date.shadowSouth();
        canvas.fill(inner.ring(), part.eaves(), (index, x, y, coverage) -> {
            if (!inner.contains(x - east, y - south)) {
                darken(index, 0.75f * coverage);
            }
        });
    }

    private void plant(Part part, Dice dice) {
        Box box = part.box();
        double area = 4 * box.halfLength() * box.halfWidth();
        int units = (int) (area / dice.between(140, 600));
        boolean inRows = dice.chance(0.6);
        double rowAcross = dice.between(-0.5, 0.5);
        for (int k = 0; k < units; k++) {
            double across = inRows && dice.chance(0.7) ? rowAcross : dice.between(-0.85, 0.85);
            double size = dice.chance(0.2) ? dice.between(1.4, 2.8) : dice.between(0.5, 1.2);
            Point p = box.at(dice.between(-0.88, 0.88) * (box.halfLength() - 3), across * (box.halfWidth() - 3));
            unit(
                    new Box(p, box.axis(), size, size * dice.between(0.6, 1)),
                    part.eaves(),
                    dice.between(0.8, 1.8),
                    dice.between(0.3, 0.65));
        }
    }

    /// A box on a roof, with its shadow on the roof.
    private void unit(Box box, double roof, double rise, double tone) {
        Point[] corners = corners(box);
        Point[] all = Arrays.copyOf(corners, 8);
        for (int i = 0; i < 4; i++) {
            all[i + 4] = cast(corners[i], rise);
        }
        canvas.fill(hull(all), roof, (index, _, _, coverage) -> darken(index, 0.8f * coverage));
        set((float) tone, (float) tone, (float) (0.98 * tone));
        canvas.fill(box.ring(), roof + rise, this::plain);
    }

    private void darken(int index, float share) {
        canvas.red[index] *= light.inShadow(0, share);
        canvas.green[index] *= light.inShadow(1, share);
        canvas.blue[index] *= light.inShadow(2, share);
    }

    private void set(Albedo albedo, float factor) {
        set(albedo.red() * factor, albedo.green() * factor, albedo.blue() * factor);
    }

    private void set(float red, float green, float blue) {
        colour[0] = red;
        colour[1] = green;
        colour[2] = blue;
    }

    private static Point[] corners(Box box) {
        return new Point[] {box.corner(-1, -1), box.corner(1, -1), box.corner(1, 1), box.corner(-1, 1)};
    }

    /// The convex hull, by Andrew's monotone chain.
    private static Ring hull(Point[] points) {
        Point[] sorted = points.clone();
        Arrays.sort(sorted, Comparator.comparingDouble(Point::x).thenComparingDouble(Point::y));
        Point[] chain = new Point[2 * sorted.length];
        int size = 0;
        for (Point p : sorted) {
            size = append(chain, size, 0, p);
        }
        int lower = size - 1;
        for (int i = sorted.length - 2; i >= 0; i--) {
            size = append(chain, size, lower, sorted[i]);
        }
        return Ring.of(Arrays.copyOf(chain, size - 1));
    }

    private static int append(Point[] chain, int size, int floor, Point p) {
        int top = size;
        while (top >= floor + 2 && cross(chain[top - 2], chain[top - 1], p) <= 0) {
            top--;
        }
        chain[top] = p;
        return top + 1;
    }

    private static double cross(Point a, Point b, Point c) {
        return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
    }
}
