package org.terrachange.raster.aoi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.algorithm.Distance;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Longitude;

/// Brings polygons from the CRS of their file to the pixel coordinates of a grid.
///
/// An edge is a straight line in the CRS of the file, as simple features have it. It gets vertices between its
/// ends until the line through them stays within a quarter of a pixel of its image. What lies far from the grid
/// is cut off first: projections are defined near the place that they are made for only.
final class GridProjection {
    private static final double TOLERANCE = 0.25;

    /// Halvings of one edge, at most: a million pieces.
    private static final int DEPTH = 20;

    private static final int LATTICE = 32;
    private static final double FULL_TURN = 360;

    private final Crs from;
    private final Crs.Transform toGround;
    private final Affine toPixel;
    /// The longitude around which those of the grid lie, for a geographic grid.
    private final double gridCentre;

    private final boolean geographicGrid;
    /// The grid and some room around it, in the CRS of the file, longitudes without a jump.
    private final Envelope surroundings;

    /// @param grid georeferenced
    /// @throws CrsException if one of the systems is not supported or the grid lies outside that of the file
    GridProjection(Grid grid, Crs from) throws CrsException {
        Crs ground = grid.crs().orElseThrow();
        Affine affine = grid.transform().orElseThrow();
        this.from = from;
        this.toGround = from.to(ground);
        this.toPixel = affine.inverse();
        this.geographicGrid = ground.isGeographic();
        this.gridCentre = affine.x(grid.width() / 2.0, grid.height() / 2.0);
        this.surroundings = surroundings(grid, affine, ground.to(from));
    }

    private Envelope surroundings(Grid grid, Affine affine, Crs.Transform toFile) throws CrsException {
        var points = new ArrayList<double[]>();
        CrsException failure = null;
        for (int i = 0; i <= LATTICE; i++) {
            for (int j = 0; j <= LATTICE; j++) {
                // A sixteenth of the grid more on every side.
                double column = grid.width() * (1.125 * i / LATTICE - 0.0625);
                double row = grid.height() * (1.125 * j / LATTICE - 0.0625);
                try {
                    points.add(toFile.apply(affine.x(column, row), affine.y(column, row)));
                } catch (CrsException e) {
                    // The corners of a map of the whole world may lie off the world.
                    failure = e;
                }
            }
        }
        if (points.isEmpty() && failure != null) {
            throw failure;
        }
        double centre = points.get(points.size() / 2)[0];
        var box = new Envelope();
        for (double[] point : points) {
            box.expandToInclude(from.isGeographic() ? Longitude.near(point[0], centre) : point[0], point[1]);
        }
        // Between the points of the lattice there may be a pole, or the bulge of a curved side.
        box.expandBy(2.0 / LATTICE * box.getWidth(), 2.0 / LATTICE * box.getHeight());
        return from.isGeographic() ? box.intersection(new Envelope(box.getMinX(), box.getMaxX(), -90, 90)) : box;
    }

    /// The part of a polygon around the grid, in pixel coordinates.
    ///
    /// @return its rings, x and y in turn, closed without repeating the first position; empty if it lies
    ///     elsewhere. One entry a turn of the globe that it is seen on
    List<Outline> project(Outline outline) throws CrsException {
        var seen = new ArrayList<Outline>();
        int turns = from.isGeographic() ? 1 : 0;
        for (int turn = -turns; turn <= turns; turn++) {
            var rings = new ArrayList<double[]>();
            for (double[] ring : outline.rings()) {
                double[] clipped = clipped(ring, turn * FULL_TURN);
                if (clipped.length >= 6) {
                    rings.add(projected(clipped));
                }
            }
            if (!rings.isEmpty()) {
                seen.add(new Outline(rings));
            }
        }
        return seen;
    }

    /// The part of a ring inside the surroundings (Sutherland and Hodgman 1974). Where the ring leaves and
    /// comes back, the result runs along the side of the box, where no pixel is.
    private double[] clipped(double[] ring, double shift) {
        var box = new Envelope();
        double[] moved = ring.clone();
        for (int i = 0; i < moved.length; i += 2) {
            moved[i] += shift;
            box.expandToInclude(moved[i], moved[i + 1]);
        }
        if (!surroundings.intersects(box)) {
            return new double[0];
        }
        if (surroundings.contains(box)) {
            return moved;
        }
        double[] kept = keep(moved, 0, surroundings.getMinX(), 1);
        kept = keep(kept, 0, surroundings.getMaxX(), -1);
        kept = keep(kept, 1, surroundings.getMinY(), 1);
        return keep(kept, 1, surroundings.getMaxY(), -1);
    }

    /// @param axis 0 for x, 1 for y
    /// @param side 1 to keep what is beyond the limit, -1 to keep what is below
    private static double[] keep(double[] ring, int axis, double limit, int side) {
        var kept = new PositionList(ring.length);
        for (int i = 0; i < ring.length; i += 2) {
            int before = i == 0 ? ring.length - 2 : i - 2;
            double here = (ring[i + axis] - limit) * side;
            double there = (ring[before + axis] - limit) * side;
            if (here < 0 != there < 0) {
                double share = there / (there - here);
                double crossing = ring[before + 1 - axis] + share * (ring[i + 1 - axis] - ring[before + 1 - axis]);
                kept.add(axis == 0 ? limit : crossing, axis == 0 ? crossing : limit);
            }
            if (here >= 0) {
                kept.add(ring[i], ring[i + 1]);
            }
        }
        return kept.toArray();
    }

    private double[] projected(double[] ring) throws CrsException {
        var pixels = new PositionList(ring.length);
        int last = ring.length - 2;
        var start = new Coordinate(ring[last], ring[last + 1]);
        Coordinate startPixel = pixel(start);
        for (int i = 0; i < ring.length; i += 2) {
            var end = new Coordinate(ring[i], ring[i + 1]);
            Coordinate endPixel = pixel(end);
            edge(start, startPixel, end, endPixel, 0, pixels);
            start = end;
            startPixel = endPixel;
        }
        return pixels.toArray();
    }

    /// Appends an edge without its first position.
    private void edge(
            Coordinate start,
            Coordinate startPixel,
            Coordinate end,
            Coordinate endPixel,
            int depth,
            PositionList pixels)
            throws CrsException {
        if (depth < DEPTH && bends(start, startPixel, end, endPixel)) {
            Coordinate middle = between(start, end, 0.5);
            Coordinate middlePixel = pixel(middle);
            edge(start, startPixel, middle, middlePixel, depth + 1, pixels);
            edge(middle, middlePixel, end, endPixel, depth + 1, pixels);
        } else {
            pixels.add(endPixel.x, endPixel.y);
        }
    }

    /// Looks at three places: an edge that swings to both sides may cross its chord in the middle.
    private boolean bends(Coordinate start, Coordinate startPixel, Coordinate end, Coordinate endPixel)
            throws CrsException {
        for (double share : new double[] {0.5, 0.25, 0.75}) {
            Coordinate image = pixel(between(start, end, share));
            if (Distance.pointToSegment(image, startPixel, endPixel) > TOLERANCE) {
                return true;
            }
        }
        return false;
    }

    private static Coordinate between(Coordinate start, Coordinate end, double share) {
        return new Coordinate(start.x + share * (end.x - start.x), start.y + share * (end.y - start.y));
    }

    private Coordinate pixel(Coordinate position) throws CrsException {
        double[] ground = toGround.apply(position.x, position.y);
        double x = geographicGrid ? Longitude.near(ground[0], gridCentre) : ground[0];
        return new Coordinate(toPixel.x(x, ground[1]), toPixel.y(x, ground[1]));
    }

    /// Positions of a ring under construction.
    private static final class PositionList {
        private double[] values;
        private int size;

        PositionList(int capacity) {
            values = new double[Math.max(8, capacity)];
        }

        void add(double x, double y) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = x;
            values[size++] = y;
        }

        double[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
