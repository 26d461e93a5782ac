package org.terrachange.raster.aoi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.locationtech.jts.geom.Envelope;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.Window;

/// The part of an image that a person cares for: the pixels whose centre lies in a polygon of a vector file.
///
/// Polygons may be in any CRS with an EPSG code. Their edges are straight in that CRS; on the grid of the image
/// they are followed to a quarter of a pixel. Within a polygon the even-odd rule tells inside from outside, so
/// holes count and invalid rings do no harm; several polygons add up. Polygons that reach beyond the image, or
/// lie elsewhere altogether, cost nothing once the file is read.
///
/// Immutable, so safe to use from several threads.
public final class AreaOfInterest {
    private final Grid grid;
    private final EdgeTable edges;
    private final Window bounds;
    private final long pixels;

    private AreaOfInterest(Grid grid, EdgeTable edges, Window bounds, long pixels) {
        this.grid = grid;
        this.edges = edges;
        this.bounds = bounds;
        this.pixels = pixels;
    }

    /// Reads a file and places its polygons on the grid of an image.
    ///
    /// @param file GeoJSON (RFC 7946; a `crs` member with an EPSG code is honoured) or a GeoPackage, of which
    ///     every feature table counts
    /// @param grid of the image
    /// @throws RasterException if the file is damaged, holds no polygon or names an unknown CRS, if no pixel
    ///     lies inside, or if the image is not georeferenced
    public static AreaOfInterest open(Path file, Grid grid) throws IOException {
        if (!grid.isGeoreferenced()) {
            throw new RasterException(
                    file, "cannot be placed on the image, which has no georeference; leave the area of interest out");
        }
        var placement = new Placement(file, grid);
        try {
            PolygonFile.of(file).read(placement);
        } catch (CrsException e) {
            throw new RasterException(file, "cannot be placed on the image: " + e.getMessage(), e);
        }
        return placement.area();
    }

    /// The smallest window that holds every pixel of the area.
    public Window bounds() {
        return bounds;
    }

    /// The number of pixels in the area.
    public long pixels() {
        return pixels;
    }

    /// Whether the area has a pixel in a window.
    ///
    /// @param window inside the image
    /// @throws IndexOutOfBoundsException if the window reaches beyond the image
    public boolean touches(Window window) {
        requireInside(window);
        return !edges.spans(window.y(), window.bottom(), (_, from, to) -> to <= window.x() || from >= window.right());
    }

    /// Sets to 0 what lies outside the area and leaves the rest as it is.
    ///
    /// @param window inside the image
    /// @param mask row-major, one byte a pixel of the window
    /// @throws IndexOutOfBoundsException if the window reaches beyond the image
    /// @throws IllegalArgumentException if the mask is smaller than the window
    public void clip(Window window, byte[] mask) {
        requireInside(window);
        if (mask.length < window.area()) {
            throw new IllegalArgumentException(
                    "a mask of " + mask.length + " bytes is too small for a window of " + window);
        }
        int[] decided = new int[1];
        edges.spans(window.y(), window.bottom(), (row, from, to) -> {
            int start = Math.max(from, window.x()) - window.x();
            int end = Math.min(to, window.right()) - window.x();
            if (start < end) {
                int at = (row - window.y()) * window.width();
                Arrays.fill(mask, decided[0], at + start, (byte) 0);
                decided[0] = at + end;
            }
            return true;
        });
        Arrays.fill(mask, decided[0], (int) window.area(), (byte) 0);
    }

    private void requireInside(Window window) {
        if (!grid.window().contains(window)) {
            throw new IndexOutOfBoundsException("the window of " + window + " reaches beyond the image, which has "
                    + grid.width() + "x" + grid.height() + " pixels");
        }
    }

    /// Places the polygons of one file on one grid.
    private static final class Placement implements PolygonFile.Sink {
        private final Path file;
        private final Grid grid;
        private final EdgeTable.Builder edges;
        private final Map<Crs, GridProjection> projections = new HashMap<>();
        private final Map<Crs, Envelope> extents = new HashMap<>();

        Placement(Path file, Grid grid) {
            this.file = file;
            this.grid = grid;
            this.edges = new EdgeTable.Builder(grid.width(), grid.height());
        }

        @Override
        public void accept(Crs crs, Outline outline) throws IOException {
            Envelope extent = extents.computeIfAbsent(crs, _ -> new Envelope());
            for (double[] ring : outline.rings()) {
                for (int i = 0; i < ring.length; i += 2) {
                    extent.expandToInclude(ring[i], ring[i + 1]);
                }
            }
            GridProjection projection = projections.get(crs);
            if (projection == null) {
                projection = new GridProjection(grid, crs);
                projections.put(crs, projection);
            }
            for (Outline part : projection.project(outline)) {
                if (!edges.add(part)) {
                    throw new RasterException(
                            file,
                            "has polygons of more than " + EdgeTable.Builder.MAX_EDGES
                                    + " edges on the image; simplify them first, for example with ogr2ogr -simplify");
                }
            }
        }

        AreaOfInterest area() throws RasterException {
            if (extents.isEmpty()) {
                throw new RasterException(file, "holds no polygon; draw the area of interest as a polygon");
            }
            EdgeTable table = edges.build();
            var counter = new Counter();
            table.spans(0, grid.height(), counter);
            if (counter.pixels == 0) {
                throw new RasterException(
                        file,
                        "no pixel of the image lies in its polygons: the image covers " + footprint(grid)
                                + ", the polygons " + footprint(extents));
            }
            return new AreaOfInterest(grid, table, counter.bounds(), counter.pixels);
        }

        private static String footprint(Grid grid) {
            Affine map = grid.transform().orElseThrow();
            var box = new Envelope();
            for (int corner = 0; corner < 4; corner++) {
                double column = (corner & 1) * grid.width();
                double row = (corner >> 1) * grid.height();
                box.expandToInclude(map.x(column, row), map.y(column, row));
            }
            return footprint(grid.crs().orElseThrow(), box);
        }

        private static String footprint(Map<Crs, Envelope> extents) {
            return String.join(
                    " and ",
                    extents.entrySet().stream()
                            .map(entry -> footprint(entry.getKey(), entry.getValue()))
                            .toList());
        }

        /// A box in longitude and latitude, or in its own coordinates where it has none.
        private static String footprint(Crs crs, Envelope box) {
            try {
                Crs.Transform toWgs84 = crs.toWgs84();
                var lonLat = new Envelope();
                for (double x : new double[] {box.getMinX(), box.getMaxX()}) {
                    for (double y : new double[] {box.getMinY(), box.getMaxY()}) {
                        double[] position = toWgs84.apply(x, y);
                        lonLat.expandToInclude(position[0], position[1]);
                    }
                }
                return String.format(
                        Locale.ROOT,
                        "longitude %.5f to %.5f, latitude %.5f to %.5f",
                        lonLat.getMinX(),
                        lonLat.getMaxX(),
                        lonLat.getMinY(),
                        lonLat.getMaxY());
            } catch (CrsException _) {
                return String.format(
                        Locale.ROOT,
                        "x %.3f to %.3f, y %.3f to %.3f of %s",
                        box.getMinX(),
                        box.getMaxX(),
                        box.getMinY(),
                        box.getMaxY(),
                        crs.name());
            }
        }
    }

    /// Counts the pixels of spans and takes their bounds.
    private static final class Counter implements EdgeTable.SpanSink {
        private long pixels;
        private int left = Integer.MAX_VALUE;
        private int right;
        private int top = Integer.MAX_VALUE;
        private int bottom;

        @Override
        public boolean accept(int row, int from, int to) {
            pixels += to - from;
            left = Math.min(left, from);
            right = Math.max(right, to);
            top = Math.min(top, row);
            bottom = row + 1;
            return true;
        }

        Window bounds() {
            return new Window(left, top, right - left, bottom - top);
        }
    }
}
