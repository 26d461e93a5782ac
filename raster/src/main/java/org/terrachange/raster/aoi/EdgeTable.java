package org.terrachange.raster.aoi;

import java.util.Arrays;

/// The edges of polygons in pixel coordinates, sorted into bands of rows, for filling row by row.
///
/// A pixel is inside a polygon where its centre is, by the even-odd rule. Left and upper edges belong to a
/// polygon, right and lower ones do not, so polygons that share an edge share no pixel and leave none out. A
/// pixel is inside where any polygon has it, so overlapping polygons add up.
///
/// Immutable once built, so safe to use from several threads.
final class EdgeTable {
    /// Rows of a band: few, so that a row looks at few edges that do not cross it.
    private static final int BAND = 64;

    private final int width;
    private final int height;
    /// Four numbers an edge: x and y of its upper end, its lower y, and how far x moves in one row.
    private final double[] edges;

    private final int[] polygons;
    /// Where the edges of each band start in `members`, and one more entry for the end.
    private final int[] bandStart;

    /// Edges band by band, in each band in the order of their polygons.
    private final int[] members;

    private EdgeTable(int width, int height, double[] edges, int[] polygons, int[] bandStart, int[] members) {
        this.width = width;
        this.height = height;
        this.edges = edges;
        this.polygons = polygons;
        this.bandStart = bandStart;
        this.members = members;
    }

    /// Receives the pieces of rows that lie inside.
    @FunctionalInterface
    interface SpanSink {
        /// @param from first column
        /// @param to the column behind the last one
        /// @return whether to go on
        boolean accept(int row, int from, int to);
    }

    /// Tells the spans of some rows, from top to bottom; spans of several polygons come in no order and may
    /// overlap.
    ///
    /// @return whether the sink let it come to the end
    boolean spans(int firstRow, int endRow, SpanSink sink) {
        var rows = new Crossings[BAND];
        Arrays.setAll(rows, _ -> new Crossings());
        for (int band = firstRow / BAND; band * BAND < endRow; band++) {
            int from = Math.max(firstRow, band * BAND);
            int to = Math.min(endRow, band * BAND + BAND);
            for (int i = bandStart[band]; i < bandStart[band + 1]; i++) {
                collect(members[i], from, to, band * BAND, rows);
            }
            for (int row = from; row < to; row++) {
                if (!rows[row - band * BAND].drain(row, width, sink)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void collect(int edge, int from, int to, int bandRow, Crossings[] rows) {
        int at = 4 * edge;
        int end = Math.min(to, firstCentreFrom(edges[at + 2], height));
        for (int row = Math.max(from, firstCentreFrom(edges[at + 1], height)); row < end; row++) {
            rows[row - bandRow].add(edges[at] + (row + 0.5 - edges[at + 1]) * edges[at + 3], polygons[edge]);
        }
    }

    /// The first row or column whose centre lies at or behind a position, in 0 to `count`.
    private static int firstCentreFrom(double position, int count) {
        return (int) Math.clamp(Math.ceil(position - 0.5), 0, count);
    }

    /// Where one row crosses edges, polygon by polygon.
    private static final class Crossings {
        private double[] x = new double[8];
        private int[] polygon = new int[8];
        private long[] span = new long[8];
        private int size;

        void add(double crossing, int owner) {
            if (size == x.length) {
                x = Arrays.copyOf(x, 2 * size);
                polygon = Arrays.copyOf(polygon, 2 * size);
                span = new long[2 * size];
            }
            x[size] = crossing;
            polygon[size++] = owner;
        }

        /// Tells the spans of this row and forgets its crossings.
        boolean drain(int row, int width, SpanSink sink) {
            int count = 0;
            int polygons = 0;
            for (int start = 0, next; start < size; start = next) {
                next = start + 1;
                while (next < size && polygon[next] == polygon[start]) {
                    next++;
                }
                Arrays.sort(x, start, next);
                polygons++;
                for (int i = start; i + 1 < next; i += 2) {
                    span[count++] =
                            (long) firstCentreFrom(x[i], width) << Integer.SIZE | firstCentreFrom(x[i + 1], width);
                }
            }
            size = 0;
            if (polygons > 1) {
                Arrays.sort(span, 0, count);
            }
            return tellMerged(row, count, sink);
        }

        private boolean tellMerged(int row, int count, SpanSink sink) {
            int from = 0;
            int to = 0;
            for (int i = 0; i < count; i++) {
                int nextFrom = (int) (span[i] >>> Integer.SIZE);
                int nextTo = (int) span[i];
                if (nextFrom > to) {
                    if (from < to && !sink.accept(row, from, to)) {
                        return false;
                    }
                    from = nextFrom;
                }
                to = Math.max(to, nextTo);
            }
            return from >= to || sink.accept(row, from, to);
        }
    }

    /// Collects edges; those that cross the centre of no row are dropped.
    static final class Builder {
        /// 36 bytes each, so a gigabyte at most, while a coastline of the whole world has a tenth of this.
        static final int MAX_EDGES = 1 << 24;

        private final int width;
        private final int height;
        private double[] edges = new double[1024];
        private int[] polygons = new int[256];
        private int count;
        private int polygon;

        Builder(int width, int height) {
            this.width = width;
            this.height = height;
        }

        /// @param outline in pixel coordinates
        /// @return false where there are too many edges
        boolean add(Outline outline) {
            for (double[] ring : outline.rings()) {
                for (int i = 0; i < ring.length; i += 2) {
                    int before = i == 0 ? ring.length - 2 : i - 2;
                    boolean down = ring[before + 1] < ring[i + 1];
                    int upper = down ? before : i;
                    int lower = down ? i : before;
                    if (firstCentreFrom(ring[upper + 1], height) < firstCentreFrom(ring[lower + 1], height)
                            && !add(ring[upper], ring[upper + 1], ring[lower], ring[lower + 1])) {
                        return false;
                    }
                }
            }
            polygon++;
            return true;
        }

        private boolean add(double upperX, double upperY, double lowerX, double lowerY) {
            if (count == polygons.length) {
                if (count == MAX_EDGES) {
                    return false;
                }
                edges = Arrays.copyOf(edges, 8 * count);
                polygons = Arrays.copyOf(polygons, 2 * count);
            }
            edges[4 * count] = upperX;
            edges[4 * count + 1] = upperY;
            edges[4 * count + 2] = lowerY;
            edges[4 * count + 3] = (lowerX - upperX) / (lowerY - upperY);
            polygons[count++] = polygon;
            return true;
        }

        EdgeTable build() {
            int bands = (height - 1) / BAND + 1;
            int[] start = new int[bands + 1];
            forEachMember((band, _) -> start[band + 1]++);
            for (int band = 0; band < bands; band++) {
                start[band + 1] += start[band];
            }
            int[] members = new int[start[bands]];
            int[] next = start.clone();
            forEachMember((band, edge) -> members[next[band]++] = edge);
            return new EdgeTable(
                    width, height, Arrays.copyOf(edges, 4 * count), Arrays.copyOf(polygons, count), start, members);
        }

        private void forEachMember(MemberSink sink) {
            for (int edge = 0; edge < count; edge++) {
                int first = firstCentreFrom(edges[4 * edge + 1], height) / BAND;
                int last = (firstCentreFrom(edges[4 * edge + 2], height) - 1) / BAND;
                for (int band = first; band <= last; band++) {
                    sink.accept(band, edge);
                }
            }
        }

        @FunctionalInterface
        private interface MemberSink {
            void accept(int band, int edge);
        }
    }
}
