package org.terrachange.data.synthetic;

import java.util.List;
import org.terrachange.data.synthetic.Building.Kind;
import org.terrachange.data.synthetic.Building.Part;
import org.terrachange.data.synthetic.Building.RoofShape;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.Surface.Material;

/// Puts a farm into a block of fields: a house, long sheds around a yard, trees to windward and a track to the
/// road.
final class Farmstead {
    private static final Albedo[] ROOFS = {
        Albedo.of(0.5, 0.5, 0.49), Albedo.of(0.3, 0.31, 0.32), Albedo.of(0.26, 0.13, 0.09), Albedo.of(0.2, 0.18, 0.16)
    };

    private Farmstead() {}

    static void lay(Draft draft, Presence presence) {
        Dice dice = draft.dice;
        boolean west = dice.chance(0.5);
        double v = dice.between(0.3, 0.7);
        Point centre = draft.at(west ? 0.2 : 0.8, v);
        Point axis = draft.at(1, v).minus(draft.at(0, v)).unit();
        Box yard = new Box(centre, axis, dice.between(36, 46), dice.between(30, 38));
        if (!draft.free(yard, 4)) {
            return;
        }
        draft.patch(Layer.DETAIL, draft.surface(Material.GRASS, 1, 0.6), presence, yard.ring());
        draft.patch(
                Layer.DETAIL,
                draft.surface(Material.GRAVEL, dice.between(0.7, 1), 0.5),
                presence,
                Ring.blob(dice, centre, yard.halfLength() * 0.62, yard.halfWidth() * 0.62, 0, 0.12));
        Point gate = draft.at(west ? 0 : 1, v);
        draft.stroke(Layer.TRACK, draft.surface(Material.GRAVEL, 0.95, 0.5), presence, Polyline.of(centre, gate), 2.2);
        int sheds = 2 + dice.below(3);
        for (int k = 0; k < sheds; k++) {
            boolean upright = dice.chance(0.5);
            Box box = new Box(
                    yard.at(
                            (k % 2 == 0 ? -1 : 1) * yard.halfLength() * 0.5,
                            (k / 2 % 2 == 0 ? -1 : 1) * yard.halfWidth() * 0.52),
                    upright ? axis.turned() : axis,
                    dice.between(10, 15),
                    dice.between(5, 8));
            build(draft, Kind.SHED, box, dice.between(4, 6), dice.between(0.2, 0.35), presence);
        }
        Box house = new Box(yard.at(0, yard.halfWidth() * 0.8), axis, dice.between(7, 9), dice.between(4.5, 6));
        build(draft, Kind.HOUSE, house, dice.between(3, 5.5), dice.between(0.5, 0.7), presence);
        for (int k = 0; k < 40; k++) {
            Point p = yard.at(
                    dice.between(-1, 1) * yard.halfLength() * 1.05, dice.between(-1, 1) * yard.halfWidth() * 1.05);
            if (p.minus(centre).norm() > yard.halfWidth() * 0.8) {
                draft.plant(p, dice.between(1.4, 4), 0.35, presence);
            }
        }
    }

    private static void build(Draft draft, Kind kind, Box box, double eaves, double slope, Presence presence) {
        Dice dice = draft.dice;
        if (!draft.free(box, 1) || draft.meetsBuilding(box.grown(1.5))) {
            return;
        }
        Albedo roof = ROOFS[dice.below(ROOFS.length)].times(dice.between(0.8, 1.2));
        draft.buildings.add(new Building(
                kind,
                List.of(new Part(box, eaves, RoofShape.GABLE, slope)),
                roof,
                roof,
                Albedo.of(0.4, 0.38, 0.34),
                presence,
                dice.nextInt()));
    }
}
