package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.terrachange.data.captions.CaptionWriter;
import org.terrachange.data.captions.ChangedThing;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;
import org.terrachange.data.captions.MaskReading;
import org.terrachange.data.captions.SceneChange;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.RgbImage;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.RasterColours;
import org.terrachange.raster.rgb.RgbView;

/// Makes examples of a pair: cuts large scenes into windows, writes captions where the data set has none, and
/// brings the images to one size. Only the window at work is in memory.
///
/// A window whose change is too small to be described, or is known only as damage that could not be classified,
/// is left out: it is neither changed nor unchanged.
public final class ExampleCutter {
    private final ExampleSettings settings;

    public ExampleCutter(ExampleSettings settings) {
        this.settings = settings;
    }

    /// Takes examples one by one.
    @FunctionalInterface
    public interface Sink {
        /// @param before the earlier image, `settings.size()` wide and high
        /// @param after the later image
        void accept(CaptionedSample sample, RgbImage before, RgbImage after) throws IOException;
    }

    /// Hands over the examples of a pair, from the upper left to the lower right.
    ///
    /// @return how many windows were left out
    /// @throws DatasetException if the images or masks differ in size, or the labels are damaged
    public int cut(CaptionedPair pair, Sink sink) throws IOException {
        try (RasterSource before = Rasters.open(pair.before());
                RasterSource after = Rasters.open(pair.after())) {
            requireSize(before, after.grid(), pair.after());
            RgbView first = RgbView.of(RasterColours.of(before));
            RgbView second = RgbView.of(RasterColours.of(after));
            Grid grid = before.grid();
            return switch (pair.truth()) {
                case Truth.Sentences said -> {
                    Window whole = grid.window();
                    CaptionedSample sample =
                            new CaptionedSample(pair.id(), pair.scene(), said.changed(), said.sentences());
                    sink.accept(sample, sized(read(first, whole)), sized(read(second, whole)));
                    yield 0;
                }
                case Truth.BuildingMask mask -> {
                    try (MaskFile file = MaskFile.open(mask.file(), before)) {
                        yield describe(
                                pair,
                                windows(grid),
                                first,
                                second,
                                Set.of(Kind.BUILDING),
                                (window, reading) -> reading.things(file.change(window), Kind.BUILDING, Fate.CHANGED),
                                file::marks,
                                sink);
                    }
                }
                case Truth.ClassMask mask -> {
                    try (MaskFile file = MaskFile.open(mask.file(), before)) {
                        yield describe(
                                pair,
                                windows(grid),
                                first,
                                second,
                                Set.of(Kind.BUILDING, Kind.ROAD),
                                (window, reading) -> {
                                    List<ChangedThing> things = new ArrayList<>(
                                            reading.things(file.buildings(window), Kind.BUILDING, Fate.CHANGED));
                                    things.addAll(reading.things(file.roads(window), Kind.ROAD, Fate.CHANGED));
                                    return things;
                                },
                                file::marks,
                                sink);
                    }
                }
                case Truth.BuiltAndDemolished masks -> {
                    try (MaskFile built = MaskFile.open(masks.built(), before);
                            MaskFile demolished = MaskFile.open(masks.demolished(), before)) {
                        yield describe(
                                pair,
                                windows(grid),
                                first,
                                second,
                                Set.of(Kind.BUILDING),
                                (window, reading) -> {
                                    List<ChangedThing> things = new ArrayList<>(
                                            reading.things(built.change(window), Kind.BUILDING, Fate.APPEARED));
                                    things.addAll(
                                            reading.things(demolished.change(window), Kind.BUILDING, Fate.VANISHED));
                                    return things;
                                },
                                window -> built.marks(window) || demolished.marks(window),
                                sink);
                    }
                }
                case Truth.DamagePolygons polygons -> {
                    DamageFile file = DamageFile.read(polygons.file());
                    List<Window> windows =
                            new ArrayList<>(file.windowsAroundDamage(grid.width(), grid.height(), settings.window()));
                    windows(grid).stream().filter(file::isUnharmed).forEach(windows::add);
                    yield describe(
                            pair,
                            windows,
                            first,
                            second,
                            Set.of(Kind.BUILDING),
                            file.hazard(),
                            (window, _) -> file.things(window),
                            window -> !file.isUnharmed(window),
                            sink);
                }
            };
        }
    }

    /// What lies in a window.
    @FunctionalInterface
    private interface Things {
        List<ChangedThing> in(Window window, MaskReading reading) throws IOException;
    }

    /// Whether the labels mark anything in a window, however small.
    @FunctionalInterface
    private interface Marks {
        boolean any(Window window) throws IOException;
    }

    private int describe(
            CaptionedPair pair,
            List<Window> windows,
            RgbView first,
            RgbView second,
            Set<Kind> watched,
            Things things,
            Marks marks,
            Sink sink)
            throws IOException {
        return describe(pair, windows, first, second, watched, Optional.empty(), things, marks, sink);
    }

    private int describe(
            CaptionedPair pair,
            List<Window> windows,
            RgbView first,
            RgbView second,
            Set<Kind> watched,
            Optional<String> hazard,
            Things things,
            Marks marks,
            Sink sink)
            throws IOException {
        int left = 0;
        for (Window window : windows) {
            String id = windows.size() == 1 ? pair.id() : pair.id() + "_x" + window.x() + "_y" + window.y();
            long seed = mixed(id);
            boolean marked = marks.any(window);
            if (!marked && (seed >>> 11) * 0x1p-53 >= settings.unchanged()) {
                left++;
                continue;
            }
            RgbImage before = read(first, window);
            RgbImage after = read(second, window);
            SceneChange change = new SceneChange(
                    things.in(window, new MaskReading(before, after)),
                    watched,
                    window.width(),
                    window.height(),
                    pair.metresPerPixel(),
                    hazard);
            if (marked && !change.changed()) {
                left++;
                continue;
            }
            sink.accept(
                    new CaptionedSample(id, pair.scene(), change.changed(), CaptionWriter.sentences(change, seed)),
                    sized(before),
                    sized(after));
        }
        return left;
    }

    /// A number that depends on the seed and the example's name alone.
    private long mixed(String id) {
        long hash = 0xcbf29ce484222325L ^ settings.seed();
        for (byte part : id.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ part) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
        return hash ^ hash >>> 31;
    }

    /// Windows that cover a scene; the last of a row or column is moved back to end with the scene.
    private List<Window> windows(Grid grid) {
        int width = Math.min(settings.window(), grid.width());
        int height = Math.min(settings.window(), grid.height());
        List<Window> windows = new ArrayList<>();
        for (int y = 0; y < grid.height(); y += height) {
            for (int x = 0; x < grid.width(); x += width) {
                windows.add(new Window(
                        Math.min(x, grid.width() - width), Math.min(y, grid.height() - height), width, height));
            }
        }
        return windows;
    }

    private RgbImage sized(RgbImage image) {
        return image.resized(settings.size());
    }

    private static RgbImage read(RgbView view, Window window) throws IOException {
        int area = Math.toIntExact(window.area());
        byte[] planes = new byte[Math.multiplyExact(3, area)];
        view.read(window, planes, window.width(), window.height(), new boolean[area]);
        return new RgbImage(window.width(), window.height(), planes);
    }

    static void requireSize(RasterSource expected, Grid found, Path file) throws DatasetException {
        Grid grid = expected.grid();
        if (grid.width() != found.width() || grid.height() != found.height()) {
            throw new DatasetException(
                    file,
                    "has " + found.width() + "x" + found.height() + " pixels, but " + expected.location() + " has "
                            + grid.width() + "x" + grid.height());
        }
    }
}
