package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.synthetic.Block.FormerLand;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.Surface.Material;

/// Lays out land without streets: woods, grassland, parks, fields and building land waiting for its buildings.
final class OpenLand {
    private OpenLand() {}

    static void woodland(Draft draft) {
        Dice dice = draft.dice;
        draft.cover(draft.surface(Material.GRASS, 0.85, dice.between(0.2, 0.6)), Presence.BOTH);
        trail(draft, Presence.BOTH);
        if (dice.chance(0.3)) {
            pond(draft);
        }
        grow(draft, dice.between(0.15, 0.7), dice.between(0.25, 0.8), Presence.BOTH);
    }

    static void grassland(Draft draft) {
        Dice dice = draft.dice;
        draft.cover(draft.surface(Material.GRASS, 1, dice.between(0.3, 0.7)), Presence.BOTH);
        trail(draft, Presence.BOTH);
        if (dice.chance(0.4)) {
            pond(draft);
        }
        grow(draft, dice.between(-0.65, -0.3), dice.between(0.2, 0.7), Presence.BOTH);
    }

    static void park(Draft draft) {
        Dice dice = draft.dice;
        draft.cover(draft.surface(Material.GRASS, 1, dice.between(0.4, 0.6)), Presence.BOTH);
        pond(draft);
        double bearing = dice.between(0, Math.PI);
        for (int k = 0; k < 4; k++) {
            double v = 0.16 + 0.23 * k;
            Point centre = draft.at(dice.between(0.42, 0.58), v);
            Point axis = draft.at(1, v).minus(draft.at(0, v)).unit();
            double turn = StrictMath.atan2(axis.y(), axis.x()) + dice.between(-0.15, 0.15);
            Surface lawn = new Surface(Material.LAWN, 1, dice.between(0.7, 0.95), bearing, dice.nextInt());
            draft.patch(
                    Layer.DETAIL,
                    lawn,
                    Presence.BOTH,
                    Ring.blob(dice, centre, dice.between(90, 140), dice.between(16, 25), turn, 0.22));
            Point green = centre.plus(Point.towards(turn).times(dice.chance(0.5) ? 125 : -125));
            draft.patch(
                    Layer.DETAIL,
                    new Surface(Material.LAWN, 0.95, 1, bearing, dice.nextInt()),
                    Presence.BOTH,
                    Ring.blob(dice, green, dice.between(11, 15), dice.between(8, 11), bearing, 0.15));
            for (int bunker = dice.below(4); bunker > 0; bunker--) {
                Point sand = green.plus(Point.towards(dice.between(0, 6.28)).times(dice.between(15, 20)));
                draft.patch(
                        Layer.DETAIL,
                        draft.surface(Material.SAND, 1, 0.5),
                        Presence.BOTH,
                        Ring.blob(dice, sand, dice.between(4, 7), dice.between(2.5, 4), dice.between(0, 3), 0.3));
            }
        }
        trail(draft, Presence.BOTH);
        grow(draft, dice.between(-0.4, -0.15), dice.between(0.2, 0.6), Presence.BOTH);
    }

    static void farmland(Draft draft) {
        Dice dice = draft.dice;
        draft.cover(draft.surface(Material.GRASS, 1, 0.5), Presence.BOTH);
        boolean turned = dice.chance(0.5);
        Point axis = turned
                ? draft.at(0.5, 1).minus(draft.at(0.5, 0)).unit()
                : draft.at(1, 0.5).minus(draft.at(0, 0.5)).unit();
        double bearing = StrictMath.atan2(axis.y(), axis.x());
        int strips = 1 + dice.below(4);
        double[] cuts = new double[strips + 1];
        for (int k = 0; k <= strips; k++) {
            double jitter = k == 0 || k == strips ? 0 : dice.between(-0.25, 0.25);
            cuts[k] = 0.035 + 0.93 * (k + jitter) / strips;
        }
        for (int k = 0; k < strips; k++) {
            double low = cuts[k];
            double high = cuts[k + 1] - 0.012;
            if (dice.chance(0.4)) {
                double middle = dice.between(0.3, 0.7);
                field(draft, turned, 0.035, middle - 0.006, low, high, bearing);
                field(draft, turned, middle + 0.006, 0.965, low, high, bearing + (dice.chance(0.3) ? Math.PI / 2 : 0));
            } else {
                field(draft, turned, 0.035, 0.965, low, high, bearing);
            }
            if (k > 0) {
                double cut = cuts[k] - 0.006;
                Polyline line = Polyline.of(corner(draft, turned, 0.01, cut), corner(draft, turned, 0.99, cut));
                if (dice.chance(0.6)) {
                    draft.faintStroke(
                            Layer.TRACK, draft.surface(Material.GRAVEL, 0.9, 0.5), Presence.BOTH, line, 1.5, 0.85);
                    draft.faintStroke(
                            Layer.TRACK, draft.surface(Material.GRASS, 0.9, 0.5), Presence.BOTH, line, 0.35, 0.6);
                } else {
                    hedge(draft, line);
                }
            }
        }
    }

    private static void field(Draft draft, boolean turned, double u0, double u1, double v0, double v1, double bearing) {
        Dice dice = draft.dice;
        Surface crop =
                new Surface(Material.FIELD, dice.between(0.85, 1.15), dice.between(0.3, 1), bearing, dice.nextInt());
        List<Point> rim = new ArrayList<>();
        int steps = 10;
        for (int k = 0; k < steps; k++) {
            rim.add(corner(draft, turned, u0 + (u1 - u0) * k / steps, v0));
        }
        for (int k = 0; k < steps; k++) {
            rim.add(corner(draft, turned, u1, v0 + (v1 - v0) * k / steps));
        }
        for (int k = 0; k < steps; k++) {
            rim.add(corner(draft, turned, u1 + (u0 - u1) * k / steps, v1));
        }
        for (int k = 0; k < steps; k++) {
            rim.add(corner(draft, turned, u0, v1 + (v0 - v1) * k / steps));
        }
        draft.patch(Layer.PARCEL, crop, Presence.BOTH, Ring.of(rim));
    }

    private static Point corner(Draft draft, boolean turned, double u, double v) {
        return turned ? draft.at(v, u) : draft.at(u, v);
    }

    private static void hedge(Draft draft, Polyline line) {
        Dice dice = draft.dice;
        double fullness = dice.between(0.25, 0.95);
        for (double s = 3; s < line.length(); s += dice.between(2.5, 6)) {
            if (dice.chance(fullness)) {
                Point p = line.at(s).plus(line.direction(s).turned().times(dice.bell() * 0.8));
                draft.plant(p, dice.between(1.2, 3.6), 0.2, Presence.BOTH);
            }
        }
    }

    /// A winding footpath from one side of the block to the other.
    static void trail(Draft draft, Presence presence) {
        Dice dice = draft.dice;
        if (dice.chance(0.3)) {
            return;
        }
        boolean turned = dice.chance(0.5);
        double start = dice.between(0.2, 0.8);
        double bend = dice.between(0.05, 0.2);
        double phase = dice.between(0, 6.28);
        List<Point> points = new ArrayList<>();
        for (int k = 0; k <= 60; k++) {
            double u = k / 60.0;
            double v = Math.clamp(
                    start + bend * StrictMath.sin(phase + 5 * u) + 0.25 * bend * StrictMath.sin(2.7 * phase + 17 * u),
                    0.05,
                    0.95);
            points.add(corner(draft, turned, u, v));
        }
        Polyline line = Polyline.of(points);
        draft.faintStroke(
                Layer.TRACK,
                draft.surface(Material.EARTH, dice.between(1.05, 1.4), 0.5),
                presence,
                line,
                dice.between(0.9, 2),
                dice.between(0.6, 0.95));
        draft.block(line, 0.5, presence);
    }

    private static void pond(Draft draft) {
        Dice dice = draft.dice;
        Point centre = draft.at(dice.between(0.3, 0.7), dice.between(0.3, 0.7));
        double size = dice.between(14, 38);
        double bearing = dice.between(0, Math.PI);
        Ring water = Ring.blob(dice, centre, size, size * dice.between(0.5, 0.9), bearing, 0.25);
        Point[] rim = new Point[water.size() + 1];
        for (int k = 0; k <= water.size(); k++) {
            rim[k] = new Point(water.x(k % water.size()), water.y(k % water.size()));
        }
        Polyline shore = Polyline.of(rim);
        draft.faintStroke(
                Layer.BANK, draft.surface(Material.EARTH, 0.75, 0.5), Presence.BOTH, shore, dice.between(1, 2.5), 0.8);
        draft.patch(Layer.WATER, draft.surface(Material.WATER, dice.between(0.8, 1.7), 0.5), Presence.BOTH, water);
        draft.block(shore, size * 0.45, Presence.BOTH);
        for (double s = 0; s < shore.length(); s += dice.between(2, 9)) {
            Point p = shore.at(s).plus(shore.at(s).minus(centre).unit().times(size * 0.45 + dice.between(2, 6)));
            draft.plant(p, dice.between(1.2, 3.5), 0.3, Presence.BOTH);
        }
    }

    /// Lets trees and bushes grow wild over the block.
    ///
    /// @param fullness share of closed canopy: -1 for single bushes, 1 for dense forest
    /// @param evergreen share of trees that keep their leaves
    static void grow(Draft draft, double fullness, double evergreen, Presence presence) {
        Dice dice = draft.dice;
        int seed = dice.nextInt();
        Bounds bounds = draft.ring.bounds();
        double step = 3.7;
        for (double y = bounds.north(); y < bounds.south(); y += step) {
            for (double x = bounds.west(); x < bounds.east(); x += step) {
                Point p = new Point(x + dice.between(0, step), y + dice.between(0, step));
                if (!draft.ring.contains(p.x(), p.y())) {
                    continue;
                }
                float stand = 1.6f * Noise.fractal(seed, p.x() / 75, p.y() / 75, 3, 0.55f);
                double density = Math.clamp(0.5 + 0.8 * (stand + fullness), 0.012, 0.9);
                if (!dice.chance(density * 0.75)) {
                    continue;
                }
                double size = dice.between(0, 1);
                double radius = 0.9 + (1.3 + 2.6 * density) * size * size + 0.9 * density;
                plantWild(draft, p, radius, evergreen, presence);
            }
        }
    }

    /// A wild tree goes where something is built; where both leave it room, some stay.
    private static void plantWild(Draft draft, Point p, double radius, double evergreen, Presence presence) {
        if (presence == Presence.BEFORE_ONLY
                && draft.dice.chance(0.25)
                && draft.plant(p, radius, evergreen, Presence.BOTH)) {
            return;
        }
        draft.plant(p, radius, evergreen, presence);
    }

    /// What a block looked like before it was built over; call after its streets and buildings are laid.
    static void beforeBuilding(Draft draft) {
        Dice dice = draft.dice;
        FormerLand former = FormerLand.values()[dice.weighted(3, 3, 2, 1.5)];
        draft.former = Optional.of(former);
        switch (former) {
            case WOODS -> {
                draft.cover(draft.surface(Material.GRASS, 0.85, dice.between(0.2, 0.5)), Presence.BEFORE_ONLY);
                grow(draft, dice.between(0, 0.55), dice.between(0.3, 0.8), Presence.BEFORE_ONLY);
            }
            case GRASSLAND -> {
                draft.cover(draft.surface(Material.GRASS, 1, dice.between(0.15, 0.5)), Presence.BEFORE_ONLY);
                grow(draft, dice.between(-0.7, -0.4), dice.between(0.2, 0.6), Presence.BEFORE_ONLY);
            }
            case BARE_LAND -> {
                draft.cover(
                        new Surface(
                                Material.EARTH, dice.between(0.9, 1.2), 0.5, dice.between(0, Math.PI), dice.nextInt()),
                        Presence.BEFORE_ONLY);
                grow(draft, -1, 0.3, Presence.BEFORE_ONLY);
            }
            case FIELD ->
                draft.cover(
                        new Surface(
                                Material.FIELD, 1, dice.between(0.3, 0.9), dice.between(0, Math.PI), dice.nextInt()),
                        Presence.BEFORE_ONLY);
        }
        if (former != FormerLand.FIELD) {
            trail(draft, Presence.BEFORE_ONLY);
        }
    }
}
