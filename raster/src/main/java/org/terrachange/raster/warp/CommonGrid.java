package org.terrachange.raster.warp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.terrachange.raster.Affine;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

/// One grid for two images: the pixels of one of them, or larger or smaller ones on the same lines, over the
/// area that both show.
///
/// @param grid the common grid
/// @param toBefore from its pixels to those of the earlier image
/// @param toAfter from its pixels to those of the later image
/// @param beforeDropped share of the earlier image's area that the other does not show, 0 to 1
/// @param afterDropped share of the later image's area that the other does not show, 0 to 1
/// @param gsd side of its pixels on the ground, in metres; absent where it lies on no ground
/// @param warnings what had to be assumed, for people
public record CommonGrid(
        Grid grid,
        PixelMap toBefore,
        PixelMap toAfter,
        double beforeDropped,
        double afterDropped,
        OptionalDouble gsd,
        List<String> warnings) {
    private static final GeometryFactory GEOMETRY = new GeometryFactory();

    /// Points on each edge of an image's outline: edges that are straight in one system are curved in another.
    private static final int EDGE_POINTS = 64;

    /// Slivers of a pixel that an overlap may lack at its edges without losing the row or column.
    private static final double SLIVER = 0.01;

    /// More pixels a side than any image has: sums of two sizes stay within an `int`.
    private static final int MAX_SIZE = 1 << 30;

    public CommonGrid {
        warnings = List.copyOf(warnings);
    }

    /// Finds the common grid of two images.
    ///
    /// @param before grid of the earlier image
    /// @param after grid of the later image
    /// @param target whose pixels the result has
    /// @param resolution chooses the pixel size of the result from the one that it would have, both in metres
    ///     on the ground; asked only where the images lie on the ground
    /// @throws MisfitException if the images do not overlap, or if one of them or both lie on no ground and
    ///     their sizes differ
    /// @throws CrsException if a CRS is unknown
    public static CommonGrid of(Grid before, Grid after, TargetGrid target, Resolution resolution)
            throws MisfitException, CrsException {
        if (before.transform().isEmpty() || after.transform().isEmpty()) {
            return ofEqualSizes(before, after, target, resolution);
        }
        List<String> warnings = new ArrayList<>();
        if (before.crs().isPresent() != after.crs().isPresent()) {
            warnings.add("only the " + (before.crs().isPresent() ? "earlier" : "later")
                    + " image names its coordinate reference system; the other is taken to share it");
        }
        Grid first = withCrs(before, after);
        Grid second = withCrs(after, before);
        boolean useSecond = switch (target) {
            case BEFORE -> false;
            case AFTER -> true;
            case FINER -> size(second) < size(first) * (1 - 1e-6);
        };
        Grid whole = resampled(useSecond ? second : first, resolution);
        Geometry firstArea = outline(first, whole);
        Geometry secondArea = outline(second, whole);
        Geometry shared = OverlayNGRobust.overlay(firstArea, secondArea, OverlayNG.INTERSECTION);
        if (shared.isEmpty() || shared.getArea() == 0) {
            throw new MisfitException("the images do not overlap: the earlier one shows " + Footprint.of(first)
                    + ", the later one " + Footprint.of(second));
        }
        Envelope box = shared.getEnvelopeInternal();
        Optional<Window> window = window(box, whole);
        if (window.isEmpty()) {
            throw new MisfitException("the images overlap by less than a pixel: the earlier one shows "
                    + Footprint.of(first) + ", the later one " + Footprint.of(second));
        }
        Grid grid = whole.crop(window.get());
        return new CommonGrid(
                grid,
                PixelMap.between(grid, first),
                PixelMap.between(grid, second),
                dropped(firstArea, shared),
                dropped(secondArea, shared),
                GroundSampleDistance.of(grid),
                warnings);
    }

    /// Chooses the pixel size of a common grid.
    @FunctionalInterface
    public interface Resolution {
        /// Keeps the size.
        Resolution NATIVE = metres -> metres;

        /// @param metres the side of a pixel on the ground
        /// @return the side wanted, in metres
        double choose(double metres);
    }

    private static CommonGrid ofEqualSizes(Grid before, Grid after, TargetGrid target, Resolution resolution)
            throws MisfitException, CrsException {
        if (before.width() != after.width() || before.height() != after.height()) {
            throw new MisfitException("the images differ in size, " + before.width() + "x" + before.height() + " and "
                    + after.width() + "x" + after.height() + " pixels, and "
                    + (before.transform().isEmpty() && after.transform().isEmpty()
                            ? "neither says"
                            : "only the " + (before.transform().isPresent() ? "earlier" : "later") + " one says")
                    + " where on the ground it lies; georeference both, or bring them to one size");
        }
        Grid placed = before.transform().isPresent() ? before : after;
        List<String> warnings = placed.transform().isEmpty()
                ? List.of()
                : List.of("only the " + (placed == before ? "earlier" : "later")
                        + " image says where on the ground it lies; the other is taken to show the same ground,"
                        + " pixel by pixel");
        Grid grid = resampled(placed, resolution);
        PixelMap map = PixelMap.between(grid, placed);
        return new CommonGrid(grid, map, map, 0, 0, GroundSampleDistance.of(grid), warnings);
    }

    private static Grid withCrs(Grid grid, Grid other) {
        return grid.crs().isPresent() ? grid : new Grid(grid.width(), grid.height(), grid.transform(), other.crs());
    }

    /// Size of a pixel in metres, or in units of the plane that both images share.
    private static double size(Grid grid) throws CrsException {
        OptionalDouble metres = GroundSampleDistance.of(grid);
        Affine map = grid.transform().orElseThrow();
        return metres.orElse(Math.sqrt(Math.abs(map.a() * map.e() - map.b() * map.d())));
    }

    private static Grid resampled(Grid grid, Resolution resolution) throws MisfitException, CrsException {
        OptionalDouble metres = GroundSampleDistance.of(grid);
        if (metres.isEmpty()) {
            return grid;
        }
        double factor = resolution.choose(metres.getAsDouble()) / metres.getAsDouble();
        if (Math.abs(factor - 1) < 1e-6) {
            return grid;
        }
        double width = Math.max(1, Math.rint(grid.width() / factor));
        double height = Math.max(1, Math.rint(grid.height() / factor));
        if (!(width < MAX_SIZE && height < MAX_SIZE)) {
            throw new MisfitException(String.format(
                    Locale.ROOT,
                    "pixels of %.3g m would make an image of %.0f x %.0f; choose larger ones",
                    factor * metres.getAsDouble(),
                    width,
                    height));
        }
        return new Grid(
                (int) width,
                (int) height,
                grid.transform().map(t -> t.scaled(grid.width() / width, grid.height() / height)),
                grid.crs());
    }

    /// The outline of an image in the pixel coordinates of a grid.
    private static Geometry outline(Grid image, Grid grid) throws CrsException {
        PixelMap map = PixelMap.between(image, grid);
        int[][] corners = {{0, 0}, {image.width(), 0}, {image.width(), image.height()}, {0, image.height()}};
        List<Coordinate> ring = new ArrayList<>();
        for (int edge = 0; edge < 4; edge++) {
            int[] from = corners[edge];
            int[] to = corners[(edge + 1) % 4];
            for (int i = 0; i < EDGE_POINTS; i++) {
                double share = (double) i / EDGE_POINTS;
                double[] place = map.apply(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]));
                if (Double.isFinite(place[0]) && Double.isFinite(place[1])) {
                    ring.add(new Coordinate(place[0], place[1]));
                }
            }
        }
        if (ring.size() < 3) {
            return GEOMETRY.createPolygon();
        }
        ring.add(ring.getFirst());
        // Far outside the area of a projection an outline may cross itself.
        return GeometryFixer.fix(GEOMETRY.createPolygon(ring.toArray(Coordinate[]::new)));
    }

    private static Optional<Window> window(Envelope box, Grid whole) {
        int left = (int) Math.max(0, Math.floor(box.getMinX() + SLIVER));
        int top = (int) Math.max(0, Math.floor(box.getMinY() + SLIVER));
        int right = (int) Math.min(whole.width(), Math.ceil(box.getMaxX() - SLIVER));
        int bottom = (int) Math.min(whole.height(), Math.ceil(box.getMaxY() - SLIVER));
        return right > left && bottom > top
                ? Optional.of(new Window(left, top, right - left, bottom - top))
                : Optional.empty();
    }

    private static double dropped(Geometry image, Geometry shared) {
        return Math.clamp(1 - shared.getArea() / image.getArea(), 0, 1);
    }

    /// The grid for a later image whose picture turned out to lie shifted on it.
    ///
    /// @param right how many pixels of the common grid the later image shows things too far right
    /// @param down how many pixels it shows them too far down
    public CommonGrid withAfterMovedBy(double right, double down) {
        return new CommonGrid(grid, toBefore, toAfter.movedBy(right, down), beforeDropped, afterDropped, gsd, warnings);
    }
}
