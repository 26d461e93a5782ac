package org.terrachange.server.tiles;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.Affine;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.ColourBlock;
import org.terrachange.raster.rgb.ColourSource;
import org.terrachange.raster.rgb.PairStretch;
import org.terrachange.raster.rgb.RasterColours;
import org.terrachange.raster.rgb.RgbView;
import org.terrachange.raster.rgb.Stretch;
import org.terrachange.raster.warp.Interpolation;
import org.terrachange.raster.warp.PixelMap;
import org.terrachange.raster.warp.WarpedColours;

/// The open layers of one result. Safe to draw from on several threads at once.
final class SceneLayers implements Closeable {
    private static final int SIZE = TileScheme.SIZE;
    private static final Window TILE = Window.whole(SIZE, SIZE);
    private static final byte[] EMPTY_COLOUR = PngEncoder.encode(
            SIZE, SIZE, new byte[SIZE * SIZE], new byte[SIZE * SIZE], new byte[SIZE * SIZE], new byte[SIZE * SIZE]);
    private static final byte[] EMPTY_GREY =
            PngEncoder.encode(SIZE, SIZE, new byte[SIZE * SIZE], new byte[SIZE * SIZE]);

    private final List<RasterSource> open;
    private final Grid scene;
    private final TileScheme scheme;
    private final Picture before;
    private final Picture after;
    private final Picture probability;
    private final Optional<Picture> truth;
    private final ProbabilityReading reading;
    private long @Nullable [] histogram;
    private long @Nullable [] truthHistogram;

    /// An image and where the scene's pixels lie in it.
    private record Picture(RasterColours colours, Stretch stretch, Grid grid, PixelMap fromScene) {}

    private SceneLayers(
            List<RasterSource> open,
            RasterSource before,
            RasterSource after,
            RasterSource probability,
            Optional<RasterSource> truth,
            Optional<Stretch> stretch)
            throws IOException {
        this.open = open;
        scene = probability.grid();
        scheme = TileScheme.of(scene);
        RasterColours earlier = RasterColours.of(before);
        RasterColours later = RasterColours.of(after);
        PairStretch brightness = stretch.isPresent()
                ? new PairStretch(
                        earlier.isEightBit() ? Stretch.NONE : stretch.get(),
                        later.isEightBit() ? Stretch.NONE : stretch.get(),
                        true,
                        Optional.empty())
                : PairStretch.of(earlier, later);
        this.before = photograph(earlier, brightness.earlier(), before.grid(), after.grid());
        this.after = photograph(later, brightness.later(), after.grid(), before.grid());
        this.probability =
                new Picture(RasterColours.of(probability), Stretch.NONE, scene, new PixelMap.Linear(Affine.IDENTITY));
        // Of the images' pixels, which are not those of a result that was resampled to what the detector knows.
        this.truth = truth.isPresent()
                ? Optional.of(photograph(
                        RasterColours.of(truth.get()), Stretch.NONE, truth.get().grid(), scene))
                : Optional.empty();
        reading = new ProbabilityReading(probability);
    }

    /// Opens the files behind the layers of a result.
    ///
    /// @throws org.terrachange.raster.RasterException if one is missing or damaged
    static SceneLayers open(SceneFiles files) throws IOException {
        List<RasterSource> open = new ArrayList<>();
        try {
            open.add(files.before().open());
            open.add(files.after().open());
            open.add(Rasters.open(files.probability()));
            if (files.truth().isPresent()) {
                open.add(Rasters.open(files.truth().get()));
            }
            return new SceneLayers(
                    open,
                    open.get(0),
                    open.get(1),
                    open.get(2),
                    open.size() > 3 ? Optional.of(open.get(3)) : Optional.empty(),
                    files.stretch());
        } catch (IOException | RuntimeException e) {
            closeAll(open);
            throw e;
        }
    }

    /// An image that does not say where it lies is taken to show the ground of the other, pixel by pixel, and one
    /// without a CRS to share the other's: the detection took them so.
    private Picture photograph(RasterColours colours, Stretch stretch, Grid own, Grid other) throws CrsException {
        Grid placed = own.transform().isEmpty() && other.transform().isPresent() ? other : own;
        Grid grid = placed.crs().isPresent()
                ? placed
                : new Grid(placed.width(), placed.height(), placed.transform(), scene.crs());
        return new Picture(colours, stretch, grid, PixelMap.between(scene, grid));
    }

    Grid scene() {
        return scene;
    }

    TileScheme scheme() {
        return scheme;
    }

    /// The layers that can be drawn.
    List<Layer> layers() {
        return Arrays.stream(Layer.values())
                .filter(layer -> layer != Layer.TRUTH || truth.isPresent())
                .toList();
    }

    /// As [ProbabilityReading#histogram]; the raster is read for the first call only.
    synchronized long[] histogram() throws IOException {
        if (histogram == null) {
            histogram = reading.histogram();
        }
        return histogram.clone();
    }

    /// As [ProbabilityReading#histogramWithin]; the rasters are read for the first call only.
    synchronized Optional<long[]> truthHistogram() throws IOException {
        if (truthHistogram == null && truth.isPresent()) {
            truthHistogram = reading.histogramWithin(
                    WarpedColours.of(truth.get().colours(), scene, truth.get().fromScene(), Interpolation.NEAREST));
        }
        return Optional.ofNullable(truthHistogram).map(long[]::clone);
    }

    /// As [ProbabilityReading#picture].
    byte[] probability(int size) throws IOException {
        return reading.picture(size);
    }

    /// Draws a tile as PNG: colours with alpha for images, grey with alpha for the rest, transparent where
    /// there is nothing to show.
    ///
    /// @return nothing where the result has no such layer, or the layer no such zoom level
    Optional<byte[]> tile(Layer layer, TileAddress address) throws IOException {
        if (address.zoom() > scheme.maxZoom()) {
            return Optional.empty();
        }
        return switch (layer) {
            case BEFORE -> Optional.of(photograph(before, address));
            case AFTER -> Optional.of(photograph(after, address));
            case PROBABILITY -> Optional.of(values(probability, address, false));
            case TRUTH -> truth.isPresent() ? Optional.of(values(truth.get(), address, true)) : Optional.empty();
        };
    }

    /// The whole later image, reduced so that its longer side has at most `size` pixels, with what an overlay
    /// marks in colour, as PNG.
    ///
    /// @param threshold stored value from which a pixel counts as changed
    /// @return nothing where what really changed is asked for and not known
    Optional<byte[]> overview(Overlay overlay, int threshold, int size) throws IOException {
        Optional<Picture> marks = switch (overlay) {
            case DETECTED -> Optional.of(probability);
            case TRUTH -> truth;
        };
        return marks.isPresent() ? Optional.of(overview(overlay, marks.get(), threshold, size)) : Optional.empty();
    }

    private byte[] overview(Overlay overlay, Picture marks, int threshold, int size) throws IOException {
        double factor = Math.max(1, Math.max(scene.width(), scene.height()) / (double) size);
        Grid grid = Grid.plain((int) Math.max(1, Math.floor(scene.width() / factor)), (int)
                Math.max(1, Math.floor(scene.height() / factor)));
        int area = grid.width() * grid.height();
        byte[] planes = new byte[3 * area];
        boolean[] missing = new boolean[area];
        new RgbView(
                        WarpedColours.of(after.colours(), grid, reduced(after, factor), Interpolation.AREA),
                        after.stretch())
                .read(grid.window(), planes, grid.width(), grid.height(), missing);
        ColourBlock values = WarpedColours.of(marks.colours(), grid, reduced(marks, factor), Interpolation.NEAREST)
                .read(grid.window());
        byte[][] split = new byte[4][];
        for (int colour = 0; colour < 3; colour++) {
            byte[] plane = Arrays.copyOfRange(planes, colour * area, (colour + 1) * area);
            for (int i = 0; i < area; i++) {
                if (!values.missing()[i] && values.planes()[0][i] >= (overlay == Overlay.TRUTH ? 1 : threshold)) {
                    plane[i] = (byte) ((overlay.colour(colour) * 3 + (plane[i] & 0xff) * 2) / 5);
                }
            }
            split[colour] = plane;
        }
        split[3] = opaque(missing);
        return PngEncoder.encode(grid.width(), grid.height(), split);
    }

    /// From the pixels of the scene, made larger by a factor, to those of an image.
    private static PixelMap reduced(Picture picture, double factor) {
        return picture.fromScene() instanceof PixelMap.Linear(Affine linear)
                ? new PixelMap.Linear(linear.scaled(factor, factor))
                : new PixelMap.Chained(Affine.IDENTITY.scaled(factor, factor), picture.fromScene(), Affine.IDENTITY);
    }

    private byte[] photograph(Picture picture, TileAddress address) throws IOException {
        Interpolation interpolation = address.zoom() < scheme.maxZoom() ? Interpolation.AREA : Interpolation.BILINEAR;
        RgbView view = new RgbView(warped(picture, address, interpolation), picture.stretch());
        byte[] planes = new byte[3 * SIZE * SIZE];
        boolean[] missing = new boolean[SIZE * SIZE];
        view.read(TILE, planes, SIZE, SIZE, missing);
        byte[] alpha = opaque(missing);
        if (isEmpty(missing)) {
            return EMPTY_COLOUR;
        }
        byte[][] split = new byte[4][];
        for (int colour = 0; colour < 3; colour++) {
            split[colour] = Arrays.copyOfRange(planes, colour * SIZE * SIZE, (colour + 1) * SIZE * SIZE);
        }
        split[3] = alpha;
        return PngEncoder.encode(SIZE, SIZE, split);
    }

    /// At the deepest level the values of single pixels, unchanged; means above it.
    private byte[] values(Picture picture, TileAddress address, boolean mask) throws IOException {
        Interpolation interpolation = address.zoom() < scheme.maxZoom() ? Interpolation.AREA : Interpolation.NEAREST;
        ColourBlock block = warped(picture, address, interpolation).read(TILE);
        if (isEmpty(block.missing())) {
            return EMPTY_GREY;
        }
        byte[] grey = new byte[SIZE * SIZE];
        for (int i = 0; i < grey.length; i++) {
            float value = block.planes()[0][i];
            if (!block.missing()[i]) {
                // Masks mark change by 1 or by 255; reduced, the smallest change still shows.
                grey[i] = (byte) (mask ? (value > 0 ? 255 : 0) : Math.round(value));
            }
        }
        return PngEncoder.encode(SIZE, SIZE, grey, opaque(block.missing()));
    }

    private ColourSource warped(Picture picture, TileAddress address, Interpolation interpolation) throws IOException {
        PixelMap map = scheme.toPixels(address, picture.grid(), picture.fromScene());
        return WarpedColours.of(picture.colours(), Grid.plain(SIZE, SIZE), map, interpolation);
    }

    private static byte[] opaque(boolean[] missing) {
        byte[] alpha = new byte[missing.length];
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = (byte) (missing[i] ? 0 : 255);
        }
        return alpha;
    }

    private static boolean isEmpty(boolean[] missing) {
        for (boolean flag : missing) {
            if (!flag) {
                return false;
            }
        }
        return true;
    }

    private static void closeAll(List<RasterSource> sources) throws IOException {
        IOException failure = null;
        for (RasterSource source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        closeAll(open);
    }
}
