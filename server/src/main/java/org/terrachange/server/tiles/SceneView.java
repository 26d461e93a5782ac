package org.terrachange.server.tiles;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a browser must know to show the layers of a result and to apply a threshold by itself.
///
/// @param width columns of the scene
/// @param height rows of the scene
/// @param georeferenced whether it lies on the ground
/// @param crs name of its coordinate reference system
/// @param affine from its pixels to its ground, six coefficients in the order of
///     [org.terrachange.raster.Affine]; empty where it lies on none
/// @param pixelAreaM2 area of a pixel on the ground in square metres
/// @param scheme `xyz` for the tiles of web maps (EPSG:3857), `pixels` for tiles of the scene's own pixels
/// @param tileSize columns and rows of a tile
/// @param minZoom level at which the scene takes about one tile
/// @param maxZoom deepest level, at which tiles of the probability hold its values unchanged
/// @param extent left, bottom, right, top of the scene: metres of EPSG:3857 for `xyz`; for `pixels` columns, and
///     rows counted downwards from 0 to minus the height
/// @param layers that there are tiles of
/// @param histogram how many pixels have each value of the probability, 0 to 254; the last of the 256 counts the
///     missing ones
/// @param validPixels sum of all but the last
/// @param truthHistogram how many of the pixels with each value really changed; absent where that is not known
/// @param mesh where the scene lies on the map of the scheme `xyz`
public record SceneView(
        int width,
        int height,
        boolean georeferenced,
        Optional<String> crs,
        List<Double> affine,
        OptionalDouble pixelAreaM2,
        String scheme,
        int tileSize,
        int minZoom,
        int maxZoom,
        List<Double> extent,
        List<String> layers,
        List<Long> histogram,
        long validPixels,
        Optional<List<Long>> truthHistogram,
        Optional<Mesh> mesh) {
    public SceneView {
        affine = List.copyOf(affine);
        extent = List.copyOf(extent);
        layers = List.copyOf(layers);
        histogram = List.copyOf(histogram);
    }

    /// Places on the map of the corners of equal cells that the scene is divided into, so that a browser can place
    /// what lies between without knowing the scene's system.
    ///
    /// @param columns of cells
    /// @param rows of cells
    /// @param points x and y in metres of EPSG:3857 of `(columns + 1) * (rows + 1)` corners, row by row from the
    ///     upper left
    public record Mesh(int columns, int rows, List<Double> points) {
        public Mesh {
            points = List.copyOf(points);
        }
    }
}
