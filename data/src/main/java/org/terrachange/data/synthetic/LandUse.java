package org.terrachange.data.synthetic;

/// What a block of land between main roads is used for.
enum LandUse {
    RESIDENTIAL,
    INDUSTRIAL,
    FARMLAND,
    WOODLAND,
    GRASSLAND,
    PARK
}
