package org.terrachange.data.synthetic;

/// What a piece of ground is made of, and what sets it apart from other ground of the same material.
///
/// @param material the kind of ground
/// @param tone brightness relative to the material's own, about 0.6 to 1.5
/// @param vigour for plants: how well they are watered and kept, 0 to 1; for asphalt: how worn it is
/// @param bearing direction of rows, mowing and wheel tracks, in radians from east towards south
/// @param seed of its texture
record Surface(Material material, double tone, double vigour, double bearing, int seed) {

    static Surface of(Material material, double tone, int seed) {
        return new Surface(material, tone, 0.5, 0, seed);
    }

    enum Material {
        /// Rough grass with patches of bare soil.
        GRASS,
        /// Mown grass of gardens and parks.
        LAWN,
        /// Bare soil, graded and driven on.
        EARTH,
        /// Crops in rows; their state differs between the dates.
        FIELD,
        ASPHALT,
        CONCRETE,
        GRAVEL,
        SAND,
        WATER,
        POOL,
        WHITE_PAINT,
        YELLOW_PAINT
    }
}
