package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.synthetic.ChangeAmount.Story;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.GroundFeature.Stroke;
import org.terrachange.data.synthetic.Lattice.Cell;
import org.terrachange.data.synthetic.Surface.Material;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;

/// A stretch of land on two dates, laid out as vectors, and how each date's image was taken.
///
/// Lengths are metres; positions run east and south from the upper left corner of the images.
public final class Scene {
    private static final Crs UTM_33_NORTH = Crs.ofEpsg(32633);
    /// Land beyond the images' edges whose shadows, crowns and leaning walls reach into them.
    private static final double SURROUNDINGS = 60;

    private static final Albedo[] SOILS = {
        Albedo.of(0.24, 0.185, 0.13),
        Albedo.of(0.27, 0.19, 0.135),
        Albedo.of(0.38, 0.325, 0.25),
        Albedo.of(0.23, 0.2, 0.155)
    };

    private final SceneSpec spec;
    private final List<Block> blocks;
    private final List<GroundFeature> network;
    private final List<Car> traffic;
    private final Acquisition before;
    private final Acquisition after;

    private Scene(
            SceneSpec spec,
            List<Block> blocks,
            List<GroundFeature> network,
            List<Car> traffic,
            Acquisition before,
            Acquisition after) {
        this.spec = spec;
        this.blocks = blocks;
        this.network = network;
        this.traffic = traffic;
        this.before = before;
        this.after = after;
    }

    /// Lays out the scene of a specification. The land is held whole, so memory grows with its
    /// area; the images are not.
    public static Scene of(SceneSpec spec) {
        Acquisition before = Acquisition.draw(Dice.of(spec.seed(), 10), spec.metresPerPixel());
        Acquisition after = Acquisition.draw(Dice.of(spec.seed(), 11), spec.metresPerPixel());
        Lattice lattice = new Lattice(spec);
        Optional<River> river = River.of(spec);
        Bounds extent = new Bounds(0, 0, spec.groundWidth(), spec.groundHeight());
        List<Cell> cells = lattice.blocksIn(extent.grown(SURROUNDINGS));
        Cell central = central(lattice, river, cells, extent);
        // Blocks depend on the specification alone, so the order of laying does not show.
        List<Block> blocks = cells.parallelStream()
                .map(cell -> layBlock(spec, lattice, river, cell, cell.equals(central)))
                .toList();
        List<GroundFeature> network = new ArrayList<>();
        List<Car> traffic = new ArrayList<>();
        river.ifPresent(r -> network.addAll(r.ground()));
        for (Cell cell : cells) {
            mainRoads(spec, lattice, cell.i(), cell.j(), network, traffic);
        }
        return new Scene(spec, blocks, List.copyOf(network), List.copyOf(traffic), before, after);
    }

    /// The block nearest to the middle, of those that the river does not cross if there is one.
    private static Cell central(Lattice lattice, Optional<River> river, List<Cell> cells, Bounds extent) {
        Point middle = new Point(extent.east() / 2, extent.south() / 2);
        return cells.stream()
                .min(Comparator.comparingDouble((Cell cell) -> {
                    Ring ring = lattice.ring(cell.i(), cell.j());
                    double distance = ring.centre().minus(middle).norm();
                    return crossed(river, ring) ? distance + extent.east() + extent.south() : distance;
                }))
                .orElseThrow();
    }

    private static boolean crossed(Optional<River> river, Ring ring) {
        return river.isPresent() && river.get().crosses(ring);
    }

    /// The block in the middle is always built on, and changes where anything may: no pair of a changing scene
    /// comes out empty.
    private static Block layBlock(SceneSpec spec, Lattice lattice, Optional<River> river, Cell cell, boolean central) {
        int i = cell.i();
        int j = cell.j();
        Dice dice = Dice.of(spec.seed(), 9, i, j);
        LandUse use = spec.style().drawLandUse(dice);
        Story story = spec.changes().drawStory(dice);
        boolean wet = crossed(river, lattice.ring(i, j));
        if (wet && (use == LandUse.RESIDENTIAL || use == LandUse.INDUSTRIAL)) {
            use = dice.chance(0.5) ? LandUse.WOODLAND : LandUse.GRASSLAND;
        }
        if (central) {
            boolean halls =
                    spec.style() == SceneStyle.INDUSTRIAL || (spec.style() == SceneStyle.MIXED && dice.chance(0.3));
            use = halls ? LandUse.INDUSTRIAL : LandUse.RESIDENTIAL;
            if (spec.changes() != ChangeAmount.NONE && story == Story.STABLE) {
                story = spec.changes() == ChangeAmount.SPARSE ? Story.INFILL : Story.BUILT;
            }
        }
        Draft draft = new Draft(spec.seed(), lattice, i, j, spec.style(), use, story);
        river.ifPresent(r -> draft.block(r.line(), r.halfWidth() + 3, Presence.BOTH));
        switch (use) {
            case RESIDENTIAL -> Residential.lay(draft);
            case INDUSTRIAL -> Industrial.lay(draft);
            case WOODLAND -> OpenLand.woodland(draft);
            case GRASSLAND -> OpenLand.grassland(draft);
            case PARK -> OpenLand.park(draft);
            case FARMLAND -> {
                OpenLand.farmland(draft);
                if (draft.dice.chance(0.35)) {
                    boolean changed = story == Story.BUILT || story == Story.INFILL;
                    Farmstead.lay(draft, changed ? Presence.AFTER_ONLY : Presence.BOTH);
                }
            }
        }
        return draft.finished();
    }

    private static void mainRoads(
            SceneSpec spec, Lattice lattice, int i, int j, List<GroundFeature> network, List<Car> traffic) {
        Dice dice = Dice.of(spec.seed(), 12, i, j);
        mainRoad(dice, lattice.eastward(i, j), lattice.eastwardRoad(i, j), network, traffic);
        mainRoad(dice, lattice.southward(i, j), lattice.southwardRoad(i, j), network, traffic);
    }

    private static void mainRoad(
            Dice dice, Polyline line, double halfWidth, List<GroundFeature> network, List<Car> traffic) {
        if (halfWidth == 0) {
            return;
        }
        Surface verge = Surface.of(Material.GRASS, 1, dice.nextInt());
        Surface shoulder = Surface.of(Material.GRAVEL, dice.between(0.75, 1), dice.nextInt());
        Surface asphalt = Surface.of(Material.ASPHALT, dice.between(0.8, 1.2), dice.nextInt());
        Surface white = Surface.of(Material.WHITE_PAINT, 1, dice.nextInt());
        Surface yellow = Surface.of(Material.YELLOW_PAINT, 1, dice.nextInt());
        boolean wide = halfWidth > 6;
        network.add(new Stroke(Layer.PAVEMENT, verge, Presence.BOTH, line, halfWidth + 4, 1));
        network.add(new Stroke(Layer.KERB, shoulder, Presence.BOTH, line, halfWidth + 0.8, 1));
        network.add(new Stroke(Layer.ROAD, asphalt, Presence.BOTH, line, halfWidth, 1));
        Polyline open = line.part(14, line.length() - 14);
        for (int side = -1; side <= 1; side += 2) {
            network.add(marking(white, open.beside(side * (halfWidth - 0.5)), 0.8));
            network.add(marking(yellow, open.beside(side * 0.18), 0.7));
            if (wide) {
                for (double s = 14; s < line.length() - 18; s += 9) {
                    network.add(marking(white, line.part(s, s + 3).beside(side * halfWidth / 2), 0.85));
                }
            }
            for (Epoch epoch : Epoch.values()) {
                for (double s = dice.between(5, 60); s < line.length() - 5; s += dice.between(15, 140)) {
                    double lane = wide ? (dice.chance(0.5) ? 0.25 : 0.73) : 0.5;
                    Point heading = line.direction(s);
                    Point p = line.at(s).plus(heading.turned().times(side * halfWidth * lane));
                    traffic.add(Car.of(dice, p, heading, epoch));
                }
            }
        }
    }

    private static Stroke marking(Surface paint, Polyline line, double opacity) {
        return new Stroke(Layer.MARKING, paint, Presence.BOTH, line, 0.08, opacity);
    }

    public SceneSpec spec() {
        return spec;
    }

    /// Where the images lie: north-up in WGS 84 / UTM zone 33N, at a place that the seed chooses.
    public Grid grid() {
        Dice dice = Dice.of(spec.seed(), 13);
        double west = Math.rint(dice.between(300_000, 680_000));
        double north = Math.rint(dice.between(5_000_000, 5_700_000));
        Affine transform = Affine.northUp(west, north, spec.metresPerPixel(), spec.metresPerPixel());
        return Grid.of(spec.width(), spec.height(), transform, UTM_33_NORTH);
    }

    List<Block> blocks() {
        return blocks;
    }

    /// The colour of bare soil all over the scene.
    Albedo soil() {
        return SOILS[Dice.of(spec.seed(), 14).weighted(3, 2, 2, 3)];
    }

    /// River and main roads.
    List<GroundFeature> network() {
        return network;
    }

    List<Car> traffic() {
        return traffic;
    }

    Acquisition acquisition(Epoch epoch) {
        return switch (epoch) {
            case BEFORE -> before;
            case AFTER -> after;
        };
    }
}
