package org.terrachange.data.synthetic;

import java.util.List;
import org.terrachange.data.synthetic.Building.Kind;
import org.terrachange.data.synthetic.Building.Part;
import org.terrachange.data.synthetic.Building.RoofShape;
import org.terrachange.data.synthetic.ChangeAmount.Story;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.Surface.Material;

/// Lays out a block of large halls, each on a paved yard with lorry bays and a car park, along an access road.
final class Industrial {
    private static final Albedo[] SHEETS = {
        Albedo.of(0.6, 0.6, 0.59),
        Albedo.of(0.44, 0.45, 0.46),
        Albedo.of(0.3, 0.31, 0.32),
        Albedo.of(0.13, 0.21, 0.36),
        Albedo.of(0.38, 0.35, 0.3),
        Albedo.of(0.24, 0.145, 0.12),
        Albedo.of(0.2, 0.27, 0.24)
    };

    private final Draft draft;
    private final Dice dice;
    private final boolean turned;

    private Industrial(Draft draft) {
        this.draft = draft;
        dice = draft.dice;
        turned = dice.chance(0.5);
    }

    static void lay(Draft draft) {
        new Industrial(draft).lay();
    }

    private void lay() {
        boolean built = draft.story == Story.BUILT;
        Presence standing = built ? Presence.AFTER_ONLY : Presence.BOTH;
        draft.cover(draft.surface(Material.GRASS, 1, dice.between(0.3, 0.6)), standing);
        double spine = dice.between(0.42, 0.58);
        Polyline access = Polyline.of(place(0, spine), place(0.3, spine), place(0.7, spine), place(1, spine));
        draft.street(
                access,
                dice.between(4, 5),
                draft.surface(Material.ASPHALT, built ? dice.between(0.6, 0.8) : dice.between(0.8, 1.2), 0.5),
                standing);
        for (int side = 0; side < 2; side++) {
            double low = side == 0 ? 0.05 : spine + 0.035;
            double high = side == 0 ? spine - 0.035 : 0.95;
            double u = 0.045;
            while (u < 0.8) {
                double end = Math.min(0.955, u + dice.between(0.22, 0.5));
                if (0.955 - end < 0.18) {
                    end = 0.955;
                }
                site(u, end - 0.02, low, high, side, standing);
                u = end;
            }
        }
        if (built) {
            OpenLand.beforeBuilding(draft);
        } else {
            OpenLand.grow(draft, dice.between(-1.2, -0.85), 0.4, Presence.BOTH);
        }
    }

    private Point place(double u, double v) {
        return turned ? draft.at(v, u) : draft.at(u, v);
    }

    private Presence drawPresence(Presence standing) {
        return switch (draft.story) {
            case STABLE, BUILT -> standing;
            case INFILL -> dice.chance(0.4) ? Presence.AFTER_ONLY : standing;
            case THINNED -> dice.chance(0.3) ? Presence.BEFORE_ONLY : standing;
        };
    }

    private void site(double u0, double u1, double v0, double v1, int side, Presence standing) {
        Point centre = place((u0 + u1) / 2, (v0 + v1) / 2);
        Point axis = place(u1, (v0 + v1) / 2).minus(place(u0, (v0 + v1) / 2));
        Point depth = place((u0 + u1) / 2, v1).minus(place((u0 + u1) / 2, v0));
        Box plot = new Box(centre, axis.unit(), axis.norm() / 2 - 3, depth.norm() / 2 - 7);
        while (!draft.free(plot, 1) && plot.halfLength() > 16 && plot.halfWidth() > 16) {
            plot = plot.grown(-2.5);
        }
        if (plot.halfLength() < 16 || plot.halfWidth() < 16 || dice.chance(0.08)) {
            return;
        }
        Presence presence = drawPresence(standing);
        if (presence != standing) {
            Presence other = presence == Presence.AFTER_ONLY ? Presence.BEFORE_ONLY : Presence.AFTER_ONLY;
            draft.patch(
                    Layer.PARCEL,
                    new Surface(
                            dice.chance(0.6) ? Material.EARTH : Material.GRASS,
                            dice.between(0.9, 1.15),
                            0.35,
                            dice.between(0, Math.PI),
                            dice.nextInt()),
                    other,
                    Ring.ragged(dice, plot));
        }
        Surface yard = dice.chance(0.55)
                ? draft.surface(Material.CONCRETE, dice.between(0.6, 0.95), 0.5)
                : draft.surface(Material.ASPHALT, dice.between(0.8, 1.3), 0.5);
        draft.pave(plot, presence);
        draft.patch(Layer.PARCEL, yard, presence, plot.ring());
        // Towards the access road: across is positive away from the first side's lower boundary.
        double facing = plot.across(
                                place((u0 + u1) / 2, side == 0 ? v1 : v0).x(),
                                place((u0 + u1) / 2, side == 0 ? v1 : v0).y())
                        > 0
                ? 1
                : -1;
        Point gate = plot.at(dice.between(-0.6, 0.6) * plot.halfLength(), facing * (plot.halfWidth() - 1));
        draft.stroke(
                Layer.DRIVE,
                draft.surface(Material.ASPHALT, 1, 0.5),
                presence,
                Polyline.of(gate, gate.plus(plot.axis().turned().times(facing * 11))),
                4);
        double apron = Math.min(dice.between(18, 30), plot.halfWidth() * 0.7);
        double hallWidth = plot.halfWidth() - apron / 2 - dice.between(3, 6);
        Box hallGround = new Box(
                plot.at(0, -facing * (apron / 2 - dice.between(0, 1))),
                plot.axis(),
                plot.halfLength() - dice.between(3, 8),
                hallWidth);
        int halls = hallGround.halfLength() > 45 && dice.chance(0.6) ? 2 : 1;
        for (int k = 0; k < halls; k++) {
            double half = hallGround.halfLength() / halls - (halls > 1 ? dice.between(3, 6) : 0);
            Point middle = hallGround.at((2 * k + 1 - halls) * hallGround.halfLength() / halls, 0);
            hall(new Box(middle, plot.axis(), half, hallGround.halfWidth()), facing, presence);
        }
        carPark(plot, facing, apron, presence);
        trailers(plot, facing, apron, presence);
        rimTrees(plot, presence);
    }

    private void hall(Box box, double facing, Presence presence) {
        Box ground = box.lengthwise();
        boolean pitched = dice.chance(0.35) && ground.halfWidth() < 30;
        double eaves = dice.between(6.5, 12);
        Part main = new Part(
                ground, eaves, pitched ? RoofShape.GABLE : RoofShape.FLAT, pitched ? dice.between(0.08, 0.16) : 0);
        List<Part> parts = List.of(main);
        if (!pitched && dice.chance(0.5)) {
            Box office = new Box(
                    box.at(dice.between(-0.5, 0.5) * box.halfLength(), facing * (box.halfWidth() + 1)),
                    box.axis(),
                    Math.min(box.halfLength() * 0.35, 12),
                    5);
            parts = List.of(main, new Part(office, eaves * 0.7, RoofShape.FLAT, 0));
        }
        Albedo roof = SHEETS[dice.weighted(5, 4, 3, pitched ? 3 : 0.6, 2, 0.6, 0.5)].times(dice.between(0.8, 1.15));
        Albedo later = presence == Presence.BOTH && dice.chance(0.03) ? SHEETS[dice.below(3)] : roof;
        draft.buildings.add(new Building(
                Kind.HALL,
                parts,
                roof,
                later,
                Albedo.of(0.5, 0.5, 0.49).times(dice.between(0.5, 1.2)),
                presence,
                dice.nextInt()));
    }

    private void carPark(Box plot, double facing, double apron, Presence presence) {
        Surface paint = draft.surface(Material.WHITE_PAINT, 1, 0.5);
        double bay = 2.6;
        double across = facing * (plot.halfWidth() - 4.2);
        double end = plot.halfLength() - 6;
        double fullness = dice.between(0.2, 0.85);
        int rows = apron > 23 ? 2 : 1;
        for (int row = 0; row < rows; row++) {
            double line = across - facing * row * 11.5;
            for (double along = -end; along < end; along += bay) {
                Point middle = plot.at(along, line);
                if (draft.meetsBuilding(new Box(middle, plot.axis(), 2, 3.2))) {
                    continue;
                }
                draft.faintStroke(
                        Layer.MARKING,
                        paint,
                        presence,
                        Polyline.of(plot.at(along - bay / 2, line - 2.5), plot.at(along - bay / 2, line + 2.5)),
                        0.06,
                        0.8);
                for (Epoch epoch : Epoch.values()) {
                    if (presence.on(epoch) && dice.chance(fullness * dice.between(0.5, 1))) {
                        Point p = plot.at(along + dice.between(-0.15, 0.15), line + dice.between(-0.3, 0.3));
                        draft.cars.add(Car.of(dice, p, plot.axis().turned(), epoch));
                    }
                }
            }
        }
    }

    /// Trailers at the loading bays of the hall, different ones on each date.
    private void trailers(Box plot, double facing, double apron, Presence presence) {
        double across = facing * (plot.halfWidth() - apron + 3);
        double from = dice.between(-0.8, 0.2) * plot.halfLength();
        double to = from + dice.between(0.3, 0.8) * plot.halfLength();
        if (apron < 20 || dice.chance(0.35)) {
            return;
        }
        for (Epoch epoch : Epoch.values()) {
            for (double along = from; along < Math.min(to, plot.halfLength() - 8); along += 4) {
                Box place = new Box(
                        plot.at(along, across + facing * dice.between(0, 1.5)),
                        plot.axis().turned(),
                        6.2,
                        1.25);
                if (presence.on(epoch) && dice.chance(0.45) && !draft.meetsBuilding(place)) {
                    draft.cars.add(new Car(place, Albedo.of(0.6, 0.6, 0.6).times(dice.between(0.4, 1.15)), epoch));
                }
            }
        }
    }

    private void rimTrees(Box plot, Presence presence) {
        if (dice.chance(0.4)) {
            return;
        }
        double spacing = dice.between(7, 13);
        for (int side = -1; side <= 1; side += 2) {
            for (double along = -plot.halfLength(); along < plot.halfLength(); along += spacing) {
                if (dice.chance(0.8)) {
                    draft.plant(
                            plot.at(along, side * (plot.halfWidth() + 3)),
                            presence == Presence.AFTER_ONLY ? dice.between(0.9, 1.5) : dice.between(1.4, 2.6),
                            0.3,
                            presence);
                }
            }
        }
    }
}
