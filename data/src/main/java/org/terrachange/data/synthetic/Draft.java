package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.synthetic.Block.FormerLand;
import org.terrachange.data.synthetic.ChangeAmount.Story;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.GroundFeature.Patch;
import org.terrachange.data.synthetic.GroundFeature.Stroke;
import org.terrachange.data.synthetic.Surface.Material;

/// A block while it is being laid out: what stands on it so far, and where there is still room.
final class Draft {
    private static final double BOUNDARY_MARGIN = 2.5;

    final Dice dice;
    final SceneStyle style;
    final LandUse use;
    final Story story;
    final Ring ring;
    Optional<FormerLand> former = Optional.empty();
    final List<GroundFeature> ground = new ArrayList<>();
    final List<Building> buildings = new ArrayList<>();
    final List<Tree> trees = new ArrayList<>();
    final List<Car> cars = new ArrayList<>();
    final List<Fence> fences = new ArrayList<>();
    private final Polyline north;
    private final Polyline south;
    private final Polyline west;
    private final Polyline east;
    private final List<Obstacle> obstacles = new ArrayList<>();
    private final List<Paved> paved = new ArrayList<>();

    private record Obstacle(Polyline line, double halfWidth, Presence presence) {}

    private record Paved(Box box, Presence presence) {}

    Draft(long seed, Lattice lattice, int i, int j, SceneStyle style, LandUse use, Story story) {
        dice = Dice.of(seed, 20, i, j);
        this.style = style;
        this.use = use;
        this.story = story;
        ring = lattice.ring(i, j);
        north = lattice.eastward(i, j);
        south = lattice.eastward(i, j + 1);
        west = lattice.southward(i, j);
        east = lattice.southward(i + 1, j);
        block(north, lattice.eastwardRoad(i, j) + BOUNDARY_MARGIN, Presence.BOTH);
        block(south, lattice.eastwardRoad(i, j + 1) + BOUNDARY_MARGIN, Presence.BOTH);
        block(west, lattice.southwardRoad(i, j) + BOUNDARY_MARGIN, Presence.BOTH);
        block(east, lattice.southwardRoad(i + 1, j) + BOUNDARY_MARGIN, Presence.BOTH);
    }

    Block finished() {
        return new Block(use, story, former, ring, ring.bounds().grown(16), ground, buildings, trees, cars, fences);
    }

    /// The ground position at shares of the way across the block: the Coons patch of its four curved sides, so
    /// that what is laid out in these shares follows the roads around it.
    Point at(double u, double v) {
        Point betweenRows = share(north, u).times(1 - v).plus(share(south, u).times(v));
        Point betweenColumns = share(west, v).times(1 - u).plus(share(east, v).times(u));
        Point bilinear = share(north, 0)
                .times((1 - u) * (1 - v))
                .plus(share(north, 1).times(u * (1 - v)))
                .plus(share(south, 0).times((1 - u) * v))
                .plus(share(south, 1).times(u * v));
        return betweenRows.plus(betweenColumns).minus(bilinear);
    }

    private static Point share(Polyline side, double share) {
        return side.at(share * side.length());
    }

    /// Keeps trees off paved ground.
    void pave(Box box, Presence presence) {
        paved.add(new Paved(box, presence));
    }

    /// Keeps buildings and trees off a line.
    void block(Polyline line, double halfWidth, Presence presence) {
        obstacles.add(new Obstacle(line, halfWidth, presence));
    }

    /// Whether a position lies on or less than `metres` from a road, river or boundary.
    private boolean obstructed(double x, double y, double metres) {
        for (Obstacle obstacle : obstacles) {
            if (obstacle.line.isNear(x, y, obstacle.halfWidth + metres)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a rectangle lies in the block, this far from every road, river and boundary.
    boolean free(Box box, double metres) {
        for (int along = -2; along <= 2; along++) {
            for (int across = -2; across <= 2; across++) {
                Point p = box.at(along * box.halfLength() / 2, across * box.halfWidth() / 2);
                if (obstructed(p.x(), p.y(), metres) || !ring.contains(p.x(), p.y())) {
                    return false;
                }
            }
        }
        return true;
    }

    boolean meetsBuilding(Box box) {
        return buildings.stream().anyMatch(building -> building.overlaps(box));
    }

    void patch(Layer layer, Surface surface, Presence presence, Ring outline) {
        ground.add(new Patch(layer, surface, presence, outline));
    }

    void stroke(Layer layer, Surface surface, Presence presence, Polyline line, double halfWidth) {
        ground.add(new Stroke(layer, surface, presence, line, halfWidth, 1));
    }

    void faintStroke(Layer layer, Surface surface, Presence presence, Polyline line, double halfWidth, double opacity) {
        ground.add(new Stroke(layer, surface, presence, line, halfWidth, opacity));
    }

    /// The same cover over the whole block on the dates of a presence.
    void cover(Surface surface, Presence presence) {
        patch(Layer.COVER, surface, presence, ring);
    }

    Surface surface(Material material, double tone, double vigour) {
        return new Surface(material, tone, vigour, 0, dice.nextInt());
    }

    /// A street with pavements; nothing else may stand on it afterwards.
    void street(Polyline line, double halfWidth, Surface surface, Presence presence) {
        Surface pavement = surface(Material.CONCRETE, dice.between(0.85, 1.05), 0.5);
        stroke(Layer.PAVEMENT, pavement, presence, line, halfWidth + 3.4);
        stroke(Layer.VERGE, surface(Material.LAWN, 1, dice.between(0.3, 0.6)), presence, line, halfWidth + 2.1);
        stroke(Layer.KERB, pavement, presence, line, halfWidth + 0.45);
        stroke(Layer.ROAD, surface, presence, line, halfWidth);
        block(line, halfWidth + 2, presence);
    }

    /// Adds a tree unless a road, river or building of its dates is in the way.
    boolean plant(Point p, double radius, double evergreen, Presence presence) {
        if (!ring.contains(p.x(), p.y()) || hindered(p, radius, presence)) {
            return false;
        }
        trees.add(new Tree(
                p,
                (float) radius,
                (float) (radius * dice.between(1.7, 2.5)),
                dice.chance(evergreen),
                presence,
                dice.nextInt()));
        return true;
    }

    /// Whether a crown would stand on a road or building that shares a date with it.
    boolean hindered(Point p, double radius, Presence presence) {
        for (Obstacle obstacle : obstacles) {
            if (meets(obstacle.presence, presence)
                    && obstacle.line.isNear(p.x(), p.y(), obstacle.halfWidth + 0.5 * radius)) {
                return true;
            }
        }
        for (Paved yard : paved) {
            if (meets(yard.presence, presence) && yard.box.isNear(p.x(), p.y(), 0.3 * radius)) {
                return true;
            }
        }
        for (Building building : buildings) {
            if (meets(building.presence(), presence) && building.isNear(p.x(), p.y(), 0.7 * radius)) {
                return true;
            }
        }
        return false;
    }

    private static boolean meets(Presence a, Presence b) {
        return a == Presence.BOTH || b == Presence.BOTH || a == b;
    }
}
