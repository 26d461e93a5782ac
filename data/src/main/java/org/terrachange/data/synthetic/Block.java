package org.terrachange.data.synthetic;

import java.util.List;
import java.util.Optional;

/// A block of land between main roads with everything on it.
///
/// @param use what the land is used for
/// @param story what happens to it between the dates
/// @param former what was there before the block was built, where it is new
/// @param ring its outline
/// @param bounds of everything on it, roads along its rim included
record Block(
        LandUse use,
        ChangeAmount.Story story,
        Optional<FormerLand> former,
        Ring ring,
        Bounds bounds,
        List<GroundFeature> ground,
        List<Building> buildings,
        List<Tree> trees,
        List<Car> cars,
        List<Fence> fences) {
    Block {
        ground = List.copyOf(ground);
        buildings = List.copyOf(buildings);
        trees = List.copyOf(trees);
        cars = List.copyOf(cars);
        fences = List.copyOf(fences);
    }

    /// What a new block was before.
    enum FormerLand {
        WOODS,
        GRASSLAND,
        BARE_LAND,
        FIELD
    }
}
