package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.GroundFeature.Stroke;
import org.terrachange.data.synthetic.Surface.Material;

/// A river that winds through the scene, the same on both dates.
record River(Polyline line, double halfWidth, List<GroundFeature> ground) {

    /// The river of a scene, if its seed gives it one.
    static Optional<River> of(SceneSpec spec) {
        Dice dice = Dice.of(spec.seed(), 8);
        double share = switch (spec.style()) {
            case SUBURB -> 0.12;
            case INDUSTRIAL -> 0.2;
            case RURAL -> 0.45;
            case MIXED -> 0.3;
        };
        if (!dice.chance(share)) {
            return Optional.empty();
        }
        double width = spec.groundWidth();
        double height = spec.groundHeight();
        Point axis = Point.towards(dice.between(0, Math.PI));
        Point middle = new Point(width * dice.between(0.15, 0.85), height * dice.between(0.15, 0.85));
        double reach = Polyline.length(width, height) + 300;
        double swing = dice.between(20, 55);
        double wavelength = dice.between(260, 480);
        double phase = dice.between(0, 6.28);
        List<Point> points = new ArrayList<>();
        for (double s = -reach; s <= reach; s += 7) {
            double sideways = swing * StrictMath.sin(phase + 6.283 * s / wavelength)
                    + 0.35 * swing * StrictMath.sin(2.1 * phase + 6.283 * s / (wavelength * 0.37));
            points.add(middle.plus(axis.times(s)).plus(axis.turned().times(sideways)));
        }
        Polyline line = Polyline.of(points);
        double half = dice.between(4, 13);
        Surface mud = Surface.of(Material.EARTH, 0.8, dice.nextInt());
        Surface reeds = new Surface(Material.GRASS, 0.75, 0.7, 0, dice.nextInt());
        Surface water = Surface.of(Material.WATER, dice.between(0.9, 2), dice.nextInt());
        return Optional.of(new River(
                line,
                half,
                List.of(
                        new Stroke(Layer.BANK, reeds, Presence.BOTH, line, half + 6, 1),
                        new Stroke(Layer.BANK, mud, Presence.BOTH, line, half + 1.2, 0.8),
                        new Stroke(Layer.WATER, water, Presence.BOTH, line, half, 1))));
    }

    /// Whether the river runs through a piece of land.
    boolean crosses(Ring ring) {
        for (int i = 0; i < line.size(); i++) {
            if (ring.contains(line.x(i), line.y(i))) {
                return true;
            }
        }
        return false;
    }
}
