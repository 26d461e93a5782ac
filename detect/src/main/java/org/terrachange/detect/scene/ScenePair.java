package org.terrachange.detect.scene;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.Window;
import org.terrachange.raster.aoi.AreaOfInterest;
import org.terrachange.raster.register.Shift;
import org.terrachange.raster.register.ShiftEstimator;
import org.terrachange.raster.rgb.ColourSource;
import org.terrachange.raster.rgb.PairStretch;
import org.terrachange.raster.rgb.RasterColours;
import org.terrachange.raster.rgb.RgbView;
import org.terrachange.raster.rgb.Stretch;
import org.terrachange.raster.warp.CommonGrid;
import org.terrachange.raster.warp.GroundSampleDistance;
import org.terrachange.raster.warp.MisfitException;
import org.terrachange.raster.warp.WarpedColours;

/// Two images of one place, brought onto one grid and into one range of brightness, read by window.
public final class ScenePair implements Closeable {
    /// Shifts below this, in pixels, are not worth another interpolation.
    private static final double LEAST_SHIFT = 0.05;

    private final RasterSource before;
    private final RasterSource after;
    private final Optional<AreaOfInterest> area;

    /// What is worked on, inside the grid that both images share.
    private final Window part;

    private final Grid grid;
    private final RgbView beforeColours;
    private final RgbView afterColours;
    private final Alignment alignment;
    private final double seconds;

    private ScenePair(RasterSource before, RasterSource after, SceneRequest request, GsdRange range, long start)
            throws IOException {
        this.before = before;
        this.after = after;
        List<String> warnings = new ArrayList<>();
        RasterColours first = new RasterColours(before, request.beforeBands(), request.nodata());
        RasterColours second = new RasterColours(after, request.afterBands(), request.nodata());
        CommonGrid common = commonGrid(request, range);
        warnings.addAll(common.warnings());
        warnAboutSize(common, range, warnings);
        area = request.areaOfInterest().isPresent()
                ? Optional.of(AreaOfInterest.open(request.areaOfInterest().get(), common.grid()))
                : Optional.empty();
        part = area.map(AreaOfInterest::bounds).orElse(common.grid().window());
        grid = common.grid().crop(part);
        ColourSource earlier = WarpedColours.of(first, common.grid(), common.toBefore(), request.resampling());
        ColourSource later = WarpedColours.of(second, common.grid(), common.toAfter(), request.resampling());
        Shift shift = ShiftEstimator.between(earlier, later);
        boolean corrected = request.register() && shift.isTrusted() && shift.length() >= LEAST_SHIFT;
        Optional<Shift> remaining = Optional.empty();
        if (corrected) {
            CommonGrid moved = common.withAfterMovedBy(shift.right(), shift.down());
            later = WarpedColours.of(second, common.grid(), moved.toAfter(), request.resampling());
            remaining = Optional.of(ShiftEstimator.between(earlier, later));
        }
        warnAboutShift(request, shift, warnings);
        PairStretch brightness = PairStretch.of(earlier, later);
        brightness.warning().ifPresent(warnings::add);
        Optional<Stretch> reported = reported(earlier, later, brightness);
        beforeColours = new RgbView(earlier, brightness.earlier());
        afterColours = new RgbView(later, brightness.later());
        alignment = new Alignment(
                request.target().label(),
                account(before, earlier, request, common.beforeDropped()),
                account(after, later, request, common.afterDropped()),
                common.gsd(),
                shift,
                GroundSampleDistance.ofStep(common.grid(), shift.right(), shift.down()),
                corrected,
                remaining,
                reported.map(Stretch::low),
                reported.map(Stretch::high),
                request.areaOfInterest().map(Path::toString),
                warnings);
        seconds = (System.nanoTime() - start) / 1e9;
    }

    /// Opens both images and brings them together.
    ///
    /// @param range pixel sizes that the detector was trained for
    /// @throws org.terrachange.raster.RasterException if one cannot be read
    /// @throws MisfitException if they have no common grid
    /// @throws org.terrachange.raster.CrsException if a coordinate reference system is unknown
    public static ScenePair open(SceneRequest request, GsdRange range) throws IOException {
        long start = System.nanoTime();
        RasterSource first = Rasters.open(request.before());
        try {
            return between(first, Rasters.open(request.after()), request, range, start);
        } catch (IOException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    /// Brings two open images together.
    ///
    /// @param before closed with the pair, and where this fails
    /// @param after the same
    /// @param request how; its names of images count for nothing
    /// @throws MisfitException as [#open]
    public static ScenePair between(RasterSource before, RasterSource after, SceneRequest request, GsdRange range)
            throws IOException {
        return between(before, after, request, range, System.nanoTime());
    }

    private static ScenePair between(
            RasterSource before, RasterSource after, SceneRequest request, GsdRange range, long start)
            throws IOException {
        try {
            return new ScenePair(before, after, request, range, start);
        } catch (IOException | RuntimeException e) {
            try (before;
                    after) {
                throw e;
            }
        }
    }

    /// What bringing them together took: reading their beginnings, measuring the shift and the brightness.
    public double seconds() {
        return seconds;
    }

    private CommonGrid commonGrid(SceneRequest request, GsdRange range) throws IOException {
        return CommonGrid.of(before.grid(), after.grid(), request.target(), metres -> {
            if (request.resolution().isPresent()) {
                return request.resolution().getAsDouble();
            }
            return switch (request.gsd()) {
                case NATIVE -> metres;
                case MODEL -> range.nearest(metres);
            };
        });
    }

    /// The one stretch that there is, if there is one.
    private static Optional<Stretch> reported(ColourSource earlier, ColourSource later, PairStretch brightness) {
        if (earlier.isEightBit() && later.isEightBit()) {
            return Optional.empty();
        }
        if (earlier.isEightBit()) {
            return Optional.of(brightness.later());
        }
        return brightness.shared() || later.isEightBit() ? Optional.of(brightness.earlier()) : Optional.empty();
    }

    private static void warnAboutSize(CommonGrid common, GsdRange range, List<String> warnings) {
        if (common.gsd().isPresent() && !range.contains(common.gsd().getAsDouble())) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the results have pixels of %.3g m, but the detector was trained for %.3g to %.3g m: expect it to"
                            + " miss changes, or to mark some that are none",
                    common.gsd().getAsDouble(),
                    range.finest(),
                    range.coarsest()));
        }
        if (common.gsd().isEmpty()) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the images do not say how large their pixels are on the ground; the detector was trained for %.3g"
                            + " to %.3g m",
                    range.finest(),
                    range.coarsest()));
        }
    }

    private static void warnAboutShift(SceneRequest request, Shift shift, List<String> warnings) {
        if (request.register() && !shift.isTrusted()) {
            warnings.add("no shift between the images could be told with confidence, so none was corrected");
        } else if (!request.register() && shift.isTrusted() && shift.length() >= 1) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the later image is shifted by %.1f pixels against the earlier one; --register corrects that",
                    shift.length()));
        }
    }

    private static Alignment.Image account(RasterSource source, ColourSource used, SceneRequest request, double dropped)
            throws IOException {
        Grid own = source.grid();
        return new Alignment.Image(
                own.width(),
                own.height(),
                own.crs().map(Crs::name),
                GroundSampleDistance.of(own),
                source.reader(),
                used instanceof WarpedColours warped && warped.interpolates()
                        ? Optional.of(request.resampling().label())
                        : Optional.empty(),
                dropped);
    }

    public String beforeLocation() {
        return before.location();
    }

    public String afterLocation() {
        return after.location();
    }

    /// The grid of every result.
    public Grid grid() {
        return grid;
    }

    /// How the images were brought together.
    public Alignment alignment() {
        return alignment;
    }

    /// The pixels of a window of both dates, padded by reflection at its right and lower edge.
    ///
    /// @param window inside [#grid]
    /// @param paddedWidth columns of the result, at least those of the window
    /// @param paddedHeight rows of the result, at least those of the window
    public Patch read(Window window, int paddedWidth, int paddedHeight) throws IOException {
        int pixels = paddedWidth * paddedHeight;
        Patch patch = new Patch(
                window, paddedWidth, paddedHeight, new byte[3 * pixels], new byte[3 * pixels], new boolean[pixels]);
        Window shared = new Window(window.x() + part.x(), window.y() + part.y(), window.width(), window.height());
        if (area.isPresent() && !area.get().touches(shared)) {
            patch.drop();
            return patch;
        }
        beforeColours.read(shared, patch.before(), paddedWidth, paddedHeight, patch.missing());
        afterColours.read(shared, patch.after(), paddedWidth, paddedHeight, patch.missing());
        patch.blacken();
        area.ifPresent(inside -> clip(inside, shared, patch));
        patch.reflect();
        return patch;
    }

    /// What lies outside the area is missing from the result, but the detector still sees it.
    private static void clip(AreaOfInterest area, Window shared, Patch patch) {
        byte[] inside = new byte[(int) shared.area()];
        Arrays.fill(inside, (byte) 1);
        area.clip(shared, inside);
        for (int row = 0; row < shared.height(); row++) {
            for (int column = 0; column < shared.width(); column++) {
                patch.missing()[row * patch.width() + column] |= inside[row * shared.width() + column] == 0;
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (before;
                after) {
            // Closing both, whichever fails.
        }
    }

    /// A piece of both dates.
    ///
    /// @param window the pixels of the scene that it shows
    /// @param width columns, padding included
    /// @param height rows, padding included
    /// @param before 8-bit RGB, planar; black where a pixel is missing in either date
    /// @param after the same
    /// @param missing whether a pixel is missing in either date or lies outside the area of interest; the
    ///     padding is never missing
    public record Patch(Window window, int width, int height, byte[] before, byte[] after, boolean[] missing) {

        /// Makes both dates equal where one is missing, so that the edge of one image is no change.
        private void blacken() {
            for (int i = 0; i < missing.length; i++) {
                if (missing[i]) {
                    for (int plane = i; plane < before.length; plane += missing.length) {
                        before[plane] = 0;
                        after[plane] = 0;
                    }
                }
            }
        }

        /// Makes every pixel missing.
        private void drop() {
            for (int row = 0; row < window.height(); row++) {
                Arrays.fill(missing, row * width, row * width + window.width(), true);
            }
        }

        private void reflect() {
            for (byte[] image : new byte[][] {before, after}) {
                for (int band = 0; band < 3; band++) {
                    int plane = band * width * height;
                    for (int y = 0; y < height; y++) {
                        int from = plane + mirrored(y, window.height()) * width;
                        int to = plane + y * width;
                        if (y >= window.height()) {
                            System.arraycopy(image, from, image, to, window.width());
                        }
                        for (int x = window.width(); x < width; x++) {
                            image[to + x] = image[to + mirrored(x, window.width())];
                        }
                    }
                }
            }
        }

        private static int mirrored(int at, int length) {
            int inside = at % (2 * length);
            return inside < length ? inside : 2 * length - 1 - inside;
        }
    }
}
