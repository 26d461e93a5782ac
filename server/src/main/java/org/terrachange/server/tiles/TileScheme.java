package org.terrachange.server.tiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.warp.PixelMap;

/// How a scene is cut into square tiles of [#SIZE] pixels.
sealed interface TileScheme {
    /// Columns and rows of a tile.
    int SIZE = 256;

    /// The scheme that suits a scene: the tiles of web maps where it lies on ground that these cover, tiles of its
    /// own pixels otherwise.
    static TileScheme of(Grid scene) {
        if (!scene.isGeoreferenced()) {
            return new Pixels(scene);
        }
        try {
            Optional<TileScheme> web = WebMercator.over(scene);
            return web.orElseGet(() -> new Pixels(scene));
        } catch (CrsException _) {
            return new Pixels(scene);
        }
    }

    /// Its name in documents: `xyz` or `pixels`.
    String label();

    /// The zoom level at which the whole scene takes about one tile.
    int minZoom();

    /// The zoom level at which pixels of tiles are no larger than pixels of the scene.
    int maxZoom();

    /// Left, bottom, right and top of the scene: metres of EPSG:3857, or pixels with rows counted downwards from 0
    /// to minus the height.
    List<Double> extent();

    /// Where the scene lies on the map, where that is not the scene itself.
    Optional<SceneView.Mesh> mesh();

    /// From the pixels of a tile to those of a grid on the scene's ground.
    ///
    /// @param image whose pixels are wanted
    /// @param fromScene from the pixels of the scene to those of the image
    /// @throws CrsException if the CRS of the image is unknown
    PixelMap toPixels(TileAddress address, Grid image, PixelMap fromScene) throws CrsException;

    /// Tiles of EPSG:3857 as all web maps use them.
    record WebMercator(Grid scene, int minZoom, int maxZoom, List<Double> extent, Optional<SceneView.Mesh> mesh)
            implements TileScheme {
        private static final Crs CRS = Crs.ofEpsg(3857);

        /// Half the length of the equator on the sphere that web maps draw.
        private static final double HALF_WORLD = Math.PI * 6_378_137;

        /// Cells of the mesh along each side. Over 10 km, straight lines between its corners are wrong by less
        /// than a centimetre.
        private static final int CELLS = 16;

        /// Nothing where the scene reaches beyond what web maps show, or across the meridian at which they end.
        static Optional<TileScheme> over(Grid scene) throws CrsException {
            PixelMap toMap = PixelMap.between(scene, Grid.of(1, 1, Affine.IDENTITY, CRS));
            double[] box = {
                Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY
            };
            List<Double> corners = new ArrayList<>();
            for (int row = 0; row <= CELLS; row++) {
                for (int column = 0; column <= CELLS; column++) {
                    double[] place =
                            toMap.apply((double) scene.width() * column / CELLS, (double) scene.height() * row / CELLS);
                    include(box, place);
                    corners.add(place[0]);
                    corners.add(place[1]);
                }
            }
            double[] middle = toMap.apply(scene.width() / 2.0, scene.height() / 2.0);
            double[] right = toMap.apply(scene.width() / 2.0 + 1, scene.height() / 2.0);
            double[] below = toMap.apply(scene.width() / 2.0, scene.height() / 2.0 + 1);
            double pixel = Math.min(
                    Math.hypot(right[0] - middle[0], right[1] - middle[1]),
                    Math.hypot(below[0] - middle[0], below[1] - middle[1]));
            // Written so that NaN fails.
            boolean covered = Math.min(box[0], box[1]) >= -HALF_WORLD && Math.max(box[2], box[3]) <= HALF_WORLD;
            if (!(covered && pixel > 0) || isCut(corners)) {
                return Optional.empty();
            }
            double side = Math.max(box[2] - box[0], box[3] - box[1]);
            int deepest = level(pixel * SIZE, true);
            return Optional.of(new WebMercator(
                    scene,
                    Math.min(level(side, false), deepest),
                    deepest,
                    List.of(box[0], box[1], box[2], box[3]),
                    Optional.of(new SceneView.Mesh(CELLS, CELLS, corners))));
        }

        /// Whether the map shows a part of the scene at its one end and the rest at the other. Corners that are
        /// neighbours lie close together otherwise, even of an image of the whole Earth.
        private static boolean isCut(List<Double> corners) {
            int line = 2 * (CELLS + 1);
            for (int i = 0; i < corners.size(); i += 2) {
                boolean right = i % line > 0 && Math.abs(corners.get(i) - corners.get(i - 2)) > HALF_WORLD;
                boolean below = i >= line && Math.abs(corners.get(i) - corners.get(i - line)) > HALF_WORLD;
                if (right || below) {
                    return true;
                }
            }
            return false;
        }

        /// Written so that NaN, where a system ends, spoils the box for good.
        private static void include(double[] box, double[] place) {
            for (int axis = 0; axis < 2; axis++) {
                box[axis] = Math.min(box[axis], place[axis]);
                box[axis + 2] = Math.max(box[axis + 2], place[axis]);
            }
        }

        /// The zoom level whose tiles are about so many metres wide.
        private static int level(double metres, boolean finer) {
            double zoom = Math.log(2 * HALF_WORLD / metres) / Math.log(2);
            return (int) Math.clamp(finer ? Math.ceil(zoom - 1e-9) : Math.floor(zoom), 0, TileAddress.DEEPEST);
        }

        /// The ground that a tile shows.
        static Grid grid(TileAddress address) {
            double pixel = 2 * HALF_WORLD / ((double) SIZE * (1 << address.zoom()));
            return Grid.of(
                    SIZE,
                    SIZE,
                    Affine.northUp(
                            address.column() * SIZE * pixel - HALF_WORLD,
                            HALF_WORLD - address.row() * SIZE * pixel,
                            pixel,
                            pixel),
                    CRS);
        }

        @Override
        public String label() {
            return "xyz";
        }

        @Override
        public PixelMap toPixels(TileAddress address, Grid image, PixelMap fromScene) throws CrsException {
            // Two changes of system one after the other would cost precision: the second takes the first's place.
            return switch (fromScene) {
                case PixelMap.Linear(Affine linear) ->
                    new PixelMap.Chained(Affine.IDENTITY, PixelMap.between(grid(address), scene), linear);
                case PixelMap.Projected _, PixelMap.Chained _ -> PixelMap.between(grid(address), image);
            };
        }
    }

    /// Tiles of the scene's own pixels, halved in number with every zoom level below the deepest.
    record Pixels(Grid scene) implements TileScheme {
        @Override
        public String label() {
            return "pixels";
        }

        @Override
        public int minZoom() {
            return 0;
        }

        @Override
        public int maxZoom() {
            int tiles = Math.ceilDiv(Math.max(scene.width(), scene.height()), SIZE);
            return Integer.SIZE - Integer.numberOfLeadingZeros(tiles - 1);
        }

        @Override
        public List<Double> extent() {
            return List.of(0.0, (double) -scene.height(), (double) scene.width(), 0.0);
        }

        @Override
        public Optional<SceneView.Mesh> mesh() {
            return Optional.empty();
        }

        @Override
        public PixelMap toPixels(TileAddress address, Grid image, PixelMap fromScene) {
            double size = Math.scalb(1.0, maxZoom() - address.zoom());
            Affine toScene = new Affine(size, 0, size * SIZE * address.column(), 0, size, size * SIZE * address.row());
            return fromScene instanceof PixelMap.Linear(Affine linear)
                    ? new PixelMap.Linear(linear.after(toScene))
                    : new PixelMap.Chained(toScene, fromScene, Affine.IDENTITY);
        }
    }
}
