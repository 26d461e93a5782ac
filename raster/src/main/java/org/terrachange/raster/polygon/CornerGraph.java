package org.terrachange.raster.polygon;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateXY;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/// The corners of all open outlines. Each corner knows the next one on its ring, and the next one in the list
/// of all corners of its patch. Corners of ended patches are used again.
///
/// Two corners may lie on the same lattice point, where two set pixels touch diagonally; such corners are
/// paired. Links treat the two pixels as strangers, because whether they belong to one patch is known only when
/// it ends.
final class CornerGraph {
    static final int NONE = -1;

    private static final GeometryFactory GEOMETRY = new GeometryFactory();

    private int[] x = new int[1024];
    private int[] y = new int[1024];
    /// The next corner on the ring, while tracing replaced by the complement of the position on the path.
    private int[] next = new int[1024];

    private int[] chain = new int[1024];
    private int[] pair = new int[1024];
    private int used;
    private int free = NONE;
    private int live;
    private int[] path = new int[1024];

    /// How many corners are held.
    int live() {
        return live;
    }

    /// A new corner, alone in its list. Until it is linked it is its own successor.
    int add(int cornerX, int cornerY) {
        live++;
        int corner;
        if (free != NONE) {
            corner = free;
            free = chain[corner];
        } else {
            corner = used++;
            if (corner == x.length) {
                grow();
            }
        }
        x[corner] = cornerX;
        y[corner] = cornerY;
        next[corner] = corner;
        chain[corner] = NONE;
        pair[corner] = NONE;
        return corner;
    }

    /// Notes that two corners share a lattice point.
    void pair(int one, int other) {
        pair[one] = other;
        pair[other] = one;
    }

    void link(int from, int to) {
        next[from] = to;
    }

    /// Appends the list that starts at `first` to the list that ends at `last`.
    void chain(int last, int first) {
        chain[last] = first;
    }

    /// The polygon of an ended patch. Its rings are closed; they are used up by the call, the corners stay.
    ///
    /// @param first start of the list of all corners of the patch
    Polygon polygon(int first) {
        LinearRing shell = null;
        List<LinearRing> holes = new ArrayList<>(0);
        List<int[]> rings = new ArrayList<>(1);
        for (int corner = first; corner != NONE; corner = chain[corner]) {
            if (next[corner] >= 0) {
                trace(corner, rings);
            }
        }
        for (int[] ring : rings) {
            if (isShell(ring)) {
                shell = toLinearRing(ring);
            } else {
                holes.add(toLinearRing(ring));
            }
        }
        if (shell == null) {
            throw new IllegalStateException("a patch without a shell");
        }
        holes.sort(Comparator.comparingDouble((LinearRing hole) -> hole.getCoordinateN(0).y)
                .thenComparingDouble(hole -> hole.getCoordinateN(0).x));
        return GEOMETRY.createPolygon(shell, holes.toArray(LinearRing[]::new));
    }

    /// Makes the corners of a list free for other patches.
    void release(int first) {
        int corner = first;
        while (corner != NONE) {
            int following = chain[corner];
            if (pair[corner] != NONE) {
                pair[pair[corner]] = NONE;
            }
            chain[corner] = free;
            free = corner;
            live--;
            corner = following;
        }
    }

    /// Follows a ring from `start` and adds it to `rings`, cut at every lattice point that it visits twice.
    ///
    /// A ring bounds one 8-connected piece of background. The points where it meets itself are chords through
    /// that piece, which cannot cross, so the loops are nested and a stack takes them apart.
    private void trace(int start, List<int[]> rings) {
        int length = 0;
        int corner = start;
        do {
            int following = next[corner];
            int twin = pair[corner];
            if (twin != NONE && next[twin] < 0) {
                int position = ~next[twin];
                rings.add(Arrays.copyOfRange(path, position, length));
                length = position + 1;
                next[corner] = ~position;
            } else {
                if (length == path.length) {
                    path = Arrays.copyOf(path, length * 2);
                }
                next[corner] = ~length;
                path[length++] = corner;
            }
            corner = following;
        } while (corner != start);
        rings.add(Arrays.copyOf(path, length));
    }

    private boolean isShell(int[] ring) {
        long doubleArea = 0;
        int before = ring[ring.length - 1];
        for (int corner : ring) {
            doubleArea += (long) x[before] * y[corner] - (long) x[corner] * y[before];
            before = corner;
        }
        return doubleArea > 0;
    }

    private LinearRing toLinearRing(int[] ring) {
        int first = 0;
        for (int i = 1; i < ring.length; i++) {
            int order = Integer.compare(y[ring[i]], y[ring[first]]);
            if (order < 0 || (order == 0 && x[ring[i]] < x[ring[first]])) {
                first = i;
            }
        }
        Coordinate[] coordinates = new Coordinate[ring.length + 1];
        for (int i = 0; i <= ring.length; i++) {
            int corner = ring[(first + i) % ring.length];
            coordinates[i] = new CoordinateXY(x[corner], y[corner]);
        }
        return GEOMETRY.createLinearRing(coordinates);
    }

    private void grow() {
        int capacity = x.length * 2;
        x = Arrays.copyOf(x, capacity);
        y = Arrays.copyOf(y, capacity);
        next = Arrays.copyOf(next, capacity);
        chain = Arrays.copyOf(chain, capacity);
        pair = Arrays.copyOf(pair, capacity);
    }
}
