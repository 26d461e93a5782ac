package org.terrachange.raster.vector;

import java.util.Optional;
import java.util.regex.Pattern;
import org.terrachange.raster.Crs;
import org.terrachange.raster.polygon.SceneLonLat;

/// What the features of one file have in common.
///
/// @param name of the layer or table: a letter, then letters, digits and underscores
/// @param ground what the coordinates of the features mean; absent where they are pixels, x the column and y
///     the row counted downwards
public record Layer(String name, Optional<GroundReference> ground) {
    /// What files say of coordinates that are pixels.
    static final String PIXEL_SPACE =
            "pixels of the image: x counts columns to the right and y rows downwards from its upper left corner;"
                    + " not longitude and latitude";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    public Layer {
        if (!NAME.matcher(name).matches() || name.startsWith("gpkg_") || name.startsWith("rtree_")) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a layer: use a letter, then letters, digits and underscores, 63 at most,"
                    + " not starting with gpkg_ or rtree_");
        }
    }

    /// A layer whose coordinates are pixels.
    public static Layer ofPixels(String name) {
        return new Layer(name, Optional.empty());
    }

    /// A layer on the ground.
    public static Layer onGround(String name, GroundReference ground) {
        return new Layer(name, Optional.of(ground));
    }

    /// What the coordinates of a layer on the ground mean.
    ///
    /// @param crs of the coordinates
    /// @param lonLat from them to longitude and latitude
    public record GroundReference(Crs crs, SceneLonLat lonLat) {}
}
