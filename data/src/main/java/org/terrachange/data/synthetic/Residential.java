package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import org.terrachange.data.synthetic.Building.Kind;
import org.terrachange.data.synthetic.Building.Part;
import org.terrachange.data.synthetic.Building.RoofShape;
import org.terrachange.data.synthetic.ChangeAmount.Story;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.Surface.Material;

/// Lays out a block of detached houses: curved streets, lots on both sides of them, and a house with its
/// drive, garden and trees on each lot.
final class Residential {
    private static final double STREET_SPACING = 74;
    private static final Albedo[] SHINGLES = {
        Albedo.of(0.085, 0.076, 0.07),
        Albedo.of(0.125, 0.1, 0.082),
        Albedo.of(0.135, 0.135, 0.138),
        Albedo.of(0.19, 0.155, 0.125),
        Albedo.of(0.23, 0.215, 0.2),
        Albedo.of(0.26, 0.125, 0.08),
        Albedo.of(0.33, 0.2, 0.13),
        Albedo.of(0.1, 0.115, 0.14)
    };

    private final Draft draft;
    private final Dice dice;
    private final boolean turned;
    private final Presence standing;
    private final double lotWidth;
    private final double evergreen;
    private final double greenery;
    private final int[] palette;

    private Residential(Draft draft) {
        this.draft = draft;
        dice = draft.dice;
        turned = dice.chance(0.5);
        standing = draft.story == Story.BUILT ? Presence.AFTER_ONLY : Presence.BOTH;
        lotWidth = dice.between(16.5, 24);
        evergreen = dice.between(0.1, 0.7);
        greenery = draft.story == Story.BUILT ? dice.between(0.2, 0.6) : dice.between(0.35, 1);
        int first = dice.weighted(5, 5, 5, 3, 2, 1.5, 1.2, 0.8);
        palette = new int[] {first, dice.weighted(4, 4, 4, 3, 2, 0.8, 0.6, 0.6), first, dice.below(4)};
    }

    static void lay(Draft draft) {
        new Residential(draft).lay();
    }

    private record Street(Polyline line, double halfWidth, Presence presence) {}

    private void lay() {
        draft.cover(draft.surface(Material.GRASS, 1, dice.between(0.35, 0.65)), standing);
        double across = turned
                ? draft.at(1, 0.5).minus(draft.at(0, 0.5)).norm()
                : draft.at(0.5, 1).minus(draft.at(0.5, 0)).norm();
        int rows = Math.max(1, (int) Math.round((across - 12) / STREET_SPACING));
        double bend = dice.between(0, 11) / across;
        double waves = dice.between(0.5, 1.1);
        double phase = dice.between(0, 6.28);
        int layout = dice.below(3);
        double[] collectors = switch (layout) {
            case 0 -> new double[] {0.115, 0.885};
            case 1 -> new double[] {dice.between(0.42, 0.58)};
            default -> new double[] {dice.chance(0.5) ? 0.115 : 0.885};
        };
        boolean concrete = dice.chance(0.45);
        double tone = standing == Presence.AFTER_ONLY && !concrete ? dice.between(0.5, 0.8) : dice.between(0.8, 1.25);
        Surface surface = concrete
                ? draft.surface(Material.CONCRETE, tone * 0.75, 0.5)
                : draft.surface(Material.ASPHALT, tone, 0.5);
        double halfWidth = dice.between(3.4, 4.4);
        List<Street> streets = new ArrayList<>();
        double from = layout == 0 || collectors[0] < 0.2 ? collectors[0] : 0.09;
        double to = layout == 0 || collectors[0] > 0.8 ? collectors[collectors.length - 1] : 0.91;
        for (int row = 0; row < rows; row++) {
            List<Point> points = new ArrayList<>();
            for (int k = 0; k <= 40; k++) {
                double u = from + (to - from) * k / 40;
                double v = (row + 0.5) / rows + bend * StrictMath.sin(phase + 6.28 * waves * u);
                points.add(place(u, v));
            }
            Presence presence =
                    draft.story == Story.INFILL && row == rows - 1 && dice.chance(0.6) ? Presence.AFTER_ONLY : standing;
            Polyline line = Polyline.of(points);
            streets.add(new Street(line, halfWidth, presence));
            if (from == 0.09) {
                turningCircle(line, 0, surface, presence);
            }
            if (to == 0.91) {
                turningCircle(line, line.length(), surface, presence);
            }
        }
        boolean through = dice.chance(0.4);
        for (double collector : collectors) {
            List<Point> points = new ArrayList<>();
            double end = through ? 1 : (rows - 0.5) / rows + bend * StrictMath.sin(phase + 6.28 * waves * collector);
            for (int k = 0; k <= 40; k++) {
                points.add(place(collector, end * k / 40));
            }
            streets.add(new Street(Polyline.of(points), halfWidth, standing));
        }
        for (Street street : streets) {
            draft.street(street.line, street.halfWidth, surface, street.presence);
        }
        for (Street street : streets) {
            lots(street);
        }
        for (Street street : streets) {
            kerbside(street);
        }
        if (draft.story == Story.BUILT) {
            OpenLand.beforeBuilding(draft);
        } else {
            OpenLand.grow(draft, dice.between(-0.75, -0.25), evergreen, Presence.BOTH);
        }
    }

    private Point place(double u, double v) {
        return turned ? draft.at(v, u) : draft.at(u, v);
    }

    private void turningCircle(Polyline line, double distance, Surface surface, Presence presence) {
        Point p = line.at(distance);
        draft.street(Polyline.of(p, p.plus(new Point(0.1, 0))), dice.between(9, 11), surface, presence);
    }

    private void lots(Street street) {
        for (int side = -1; side <= 1; side += 2) {
            double s = dice.between(1, 4);
            while (s < street.line.length() - lotWidth / 2) {
                double width = lotWidth * dice.between(0.92, 1.12);
                lot(street, s + width / 2, side, width);
                s += width;
            }
        }
    }

    private Presence drawPresence(Street street) {
        if (street.presence != Presence.BOTH) {
            return street.presence;
        }
        return switch (draft.story) {
            case STABLE, BUILT -> Presence.BOTH;
            case INFILL -> dice.chance(0.25) ? Presence.AFTER_ONLY : Presence.BOTH;
            case THINNED -> dice.chance(0.2) ? Presence.BEFORE_ONLY : Presence.BOTH;
        };
    }

    private void lot(Street street, double s, int side, double width) {
        Point kerb = street.line.at(s);
        Point axis = street.line.direction(s);
        Point back = axis.turned().times(side);
        double depth = STREET_SPACING / 2 - street.halfWidth - 3.6;
        double front = street.halfWidth + 3.5;
        Box lot = new Box(kerb.plus(back.times(front + depth / 2)), axis, width / 2, depth / 2 - 0.3);
        if (!draft.free(new Box(lot.centre(), axis, width / 2 - 2, depth / 2 - 5), 0)
                || draft.meetsBuilding(lot.grown(-1.2))) {
            return;
        }
        if (dice.chance(0.05)) {
            return;
        }
        Presence presence = drawPresence(street);
        boolean unfinished = presence == Presence.AFTER_ONLY && dice.chance(0.12);
        if (unfinished) {
            draft.patch(
                    Layer.PARCEL,
                    draft.surface(Material.EARTH, dice.between(0.9, 1.15), 0.5),
                    presence,
                    Ring.ragged(dice, lot));
            return;
        }
        double setback = dice.between(5.5, 8.5);
        double houseWidth = width - dice.between(3.2, 5.5);
        double houseDepth = dice.between(10, 13.5);
        int garageEnd = dice.chance(0.5) ? 1 : -1;
        Box body =
                new Box(kerb.plus(back.times(front + setback + houseDepth / 2)), axis, houseWidth / 2, houseDepth / 2);
        double eaves = dice.chance(0.4) ? dice.between(5, 6) : dice.between(2.7, 3.4);
        double slope = dice.between(0.38, 0.62);
        RoofShape shape = dice.chance(0.7) ? RoofShape.HIP : RoofShape.GABLE;
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(body, eaves, shape, slope));
        double garageOffset = garageEnd * (houseWidth / 2 - 3.4);
        double garageDepth = dice.between(7.5, 10);
        Point garageCentre = kerb.plus(axis.times(garageOffset))
                .plus(back.times(front + Math.max(4.5, setback - dice.between(0, 3)) + garageDepth / 2));
        parts.add(new Part(new Box(garageCentre, back, garageDepth / 2, 3.3), Math.min(eaves, 3), shape, slope));
        if (dice.chance(0.6)) {
            double wing = dice.between(3, 4.6);
            Point rear = kerb.plus(axis.times(-garageEnd * dice.between(0, houseWidth / 2 - wing)))
                    .plus(back.times(front + setback + houseDepth));
            parts.add(new Part(new Box(rear, back, dice.between(4, 5.8), wing), eaves, shape, slope));
        }
        Albedo shingles = SHINGLES[palette[dice.below(palette.length)]].times(dice.between(0.8, 1.25));
        Albedo renewed = presence == Presence.BOTH && dice.chance(0.03) ? SHINGLES[dice.below(5)] : shingles;
        Albedo walls = Albedo.of(0.45, 0.41, 0.36).times(dice.between(0.6, 1.2));
        Building house = new Building(Kind.HOUSE, parts, shingles, renewed, walls, presence, dice.nextInt());
        if (parts.stream()
                .anyMatch(part -> !draft.free(part.box(), 0.5)
                        || draft.meetsBuilding(part.box().grown(1)))) {
            return;
        }
        draft.buildings.add(house);
        boolean bare = presence == Presence.AFTER_ONLY && dice.chance(0.3);
        Surface garden = bare
                ? draft.surface(Material.EARTH, dice.between(0.85, 1.1), 0.5)
                : draft.surface(Material.LAWN, dice.between(0.9, 1.1), Math.clamp(0.5 + 0.22 * dice.bell(), 0.1, 1));
        draft.patch(Layer.PARCEL, garden, presence, lot.ring());
        if (presence != Presence.BOTH && standing == Presence.BOTH) {
            Presence other = presence == Presence.AFTER_ONLY ? Presence.BEFORE_ONLY : Presence.AFTER_ONLY;
            Material rest = dice.chance(0.4) ? Material.EARTH : Material.GRASS;
            draft.patch(
                    Layer.PARCEL, draft.surface(rest, dice.between(0.85, 1.1), 0.35), other, Ring.ragged(dice, lot));
        }
        drive(street, kerb, axis, back, garageOffset, front + setback + 1, presence);
        garden(lot, axis, back, depth, setback + houseDepth, presence);
    }

    private void drive(
            Street street, Point kerb, Point axis, Point back, double offset, double reach, Presence presence) {
        double half = dice.between(2.3, 3.1);
        double start = street.halfWidth - 0.5;
        Point centre = kerb.plus(axis.times(offset)).plus(back.times((start + reach) / 2));
        Box box = new Box(centre, axis, half, (reach - start) / 2);
        draft.pave(box, presence);
        draft.patch(Layer.DRIVE, draft.surface(Material.CONCRETE, dice.between(0.75, 1.2), 0.5), presence, box.ring());
        for (Epoch epoch : Epoch.values()) {
            for (int bay = -1; bay <= 1; bay += 2) {
                if (presence.on(epoch) && dice.chance(0.22)) {
                    Point place = kerb.plus(axis.times(offset + bay * 1.35))
                            .plus(back.times(dice.between(street.halfWidth + 4.6, reach - 3.5)));
                    draft.cars.add(Car.of(dice, place, back, epoch));
                }
            }
        }
    }

    private void garden(Box lot, Point axis, Point back, double depth, double houseEnd, Presence presence) {
        double yard = depth / 2 - 1;
        Point rear = lot.centre().plus(back.times(yard));
        double half = lot.halfLength() - 0.2;
        double fenceFront = houseEnd - depth / 2 - 3;
        if (dice.chance(0.75)) {
            Point left = lot.centre().plus(axis.times(-half));
            Point right = lot.centre().plus(axis.times(half));
            draft.fences.add(new Fence(
                    Polyline.of(
                            left.plus(back.times(fenceFront)),
                            rear.plus(axis.times(-half)),
                            rear.plus(axis.times(half)),
                            right.plus(back.times(fenceFront))),
                    dice.between(1.5, 2),
                    presence));
        }
        double middle = (houseEnd - depth / 2 + yard) / 2;
        double room = (yard - (houseEnd - depth / 2)) / 2;
        Point centre = lot.centre().plus(back.times(middle + 1)).plus(axis.times(dice.between(-3, 3)));
        if (room > 4.5 && dice.chance(0.1)) {
            Ring pool = dice.chance(0.5)
                    ? new Box(centre, axis, dice.between(3.5, 5), dice.between(1.8, 2.4)).ring()
                    : Ring.blob(dice, centre, dice.between(3.5, 5), dice.between(2, 2.8), dice.between(0, 3), 0.2);
            draft.patch(
                    Layer.DETAIL,
                    draft.surface(Material.CONCRETE, dice.between(0.8, 1.1), 0.5),
                    presence,
                    new Box(centre, axis, 6, 3.6).ring());
            draft.pave(new Box(centre, axis, 6, 3.6), presence);
            draft.patch(Layer.DRIVE, draft.surface(Material.POOL, dice.between(0.8, 1.2), 0.5), presence, pool);
        } else if (dice.chance(0.35)) {
            draft.patch(
                    Layer.DETAIL,
                    draft.surface(Material.CONCRETE, dice.between(0.6, 1), 0.5),
                    presence,
                    new Box(
                                    lot.centre().plus(back.times(houseEnd - depth / 2 + 1)),
                                    axis,
                                    dice.between(2, 4.5),
                                    dice.between(1.5, 3))
                            .ring());
        }
        int count = (int) (dice.between(2, 12) * greenery);
        for (int k = 0; k < count; k++) {
            boolean rearTree = dice.chance(0.65);
            double v = rearTree
                    ? dice.between(houseEnd - depth / 2 + 1, yard + 1)
                    : dice.between(-depth / 2 - 0.5, -depth / 2 + 5);
            Point p = lot.centre().plus(axis.times(dice.between(-half, half))).plus(back.times(v));
            double radius =
                    presence == Presence.AFTER_ONLY ? dice.between(0.8, 1.8) : 1.4 + 4.2 * dice.unit() * dice.unit();
            draft.plant(p, radius, evergreen, presence);
        }
        for (int k = dice.below(4); k > 0; k--) {
            double v = houseEnd - depth / 2 - dice.between(13, 15);
            Point p = lot.centre().plus(axis.times(dice.between(-half, half))).plus(back.times(v));
            draft.plant(p, dice.between(0.6, 1.1), 0.9, presence);
        }
    }

    private void kerbside(Street street) {
        for (int side = -1; side <= 1; side += 2) {
            for (Epoch epoch : Epoch.values()) {
                for (double s = 8; s < street.line.length() - 8; s += dice.between(6, 16)) {
                    if (street.presence.on(epoch) && dice.chance(0.16)) {
                        Point heading = street.line.direction(s);
                        Point p = street.line.at(s).plus(heading.turned().times(side * (street.halfWidth - 1.2)));
                        draft.cars.add(Car.of(dice, p, heading, epoch));
                    }
                }
            }
        }
    }
}
