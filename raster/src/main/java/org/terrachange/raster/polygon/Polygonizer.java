package org.terrachange.raster.polygon;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Turns a binary mask, streamed from top to bottom, into one exact polygon per 4-connected patch.
///
/// Rows are cut into runs of set pixels. Runs of neighbouring rows that share a column belong to one patch,
/// kept by union-find. Between two rows, every place where the outline turns becomes a corner, linked to the
/// corners before and after it on its ring; an outline that runs straight down costs nothing. As soon as no run
/// of a patch is left in the current row, its rings are read off, handed to the sink, and its memory is used
/// again. What is held at any time is two rows of runs and the corners of the patches that cross the current
/// row, never the scene.
///
/// Patches that touch at a corner only are separate patches. Where a patch touches itself at a corner, the
/// rings are cut there, so that a hole may touch the shell or another hole in single points but no ring touches
/// itself.
///
/// A patch needs its whole outline in memory, and one that runs all over a scene may have an outline beyond any
/// memory. Where the corners of all open patches outgrow [#mostCorners], the patch with the longest outline is
/// cut off along the row: what is known of it leaves as one polygon, and its rest goes on as new patches.
/// Together the pieces have exactly the pixels of the patch. [#cuts] tells how often that was needed; it takes
/// a mask of noise, or a network of roads over tens of thousands of rows.
///
/// Patches are emitted by their last row, and within it by the leftmost pixel that they have in that row.
/// Neither the order nor the polygons depend on how the rows were split into calls. Not safe for use by several
/// threads at once.
///
/// ```java
/// var polygonizer = new Polygonizer(width, 1, component -> ...);
/// while (more) {
///     polygonizer.append(rows, mask, probability);
/// }
/// polygonizer.finish();
/// ```
public final class Polygonizer {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /// What a corner of the largest outline costs while its polygon is made, placed, converted and written.
    private static final int HEAP_BYTES_PER_CORNER = 512;

    private static final int LEAST_CORNERS = 1 << 16;
    private static final int MOST_CORNERS = 1 << 24;

    private final int width;
    private final long minPixels;
    private final int mostCorners;
    private final Sink sink;
    private final CornerGraph corners = new CornerGraph();
    private final Patches patches = new Patches(corners);

    private Runs above;
    private Runs current;
    private int row;
    private long emitted;
    private long cuts;
    private boolean finished;

    /// Receives the patches as they are completed.
    @FunctionalInterface
    public interface Sink {
        /// Takes one patch.
        ///
        /// @throws IOException to end the run; [Polygonizer#append] passes it on
        void accept(MaskComponent component) throws IOException;
    }

    /// A polygonizer for masks of this width.
    ///
    /// @param width columns of the mask, at least 1
    /// @param minPixels smaller patches, and smaller pieces of a patch that is cut, are dropped and get no id;
    ///     1 keeps all
    /// @param sink called from within [#append] and [#finish]
    public Polygonizer(int width, long minPixels, Sink sink) {
        this(width, minPixels, mostCorners(), sink);
    }

    /// @param mostCorners of all open patches together, before the largest is cut
    Polygonizer(int width, long minPixels, int mostCorners, Sink sink) {
        if (width < 1) {
            throw new IllegalArgumentException("a mask needs at least one column, got " + width);
        }
        this.width = width;
        this.minPixels = minPixels;
        this.mostCorners = mostCorners;
        this.sink = sink;
        this.above = new Runs(width);
        this.current = new Runs(width);
    }

    /// The corners that outlines may have together before one is cut: one for each 512 bytes of the heap limit,
    /// between 65,536 and 16,777,216.
    public static int mostCorners() {
        return (int) Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_CORNER, LEAST_CORNERS, MOST_CORNERS);
    }

    /// How many times a patch was cut so far because outlines outgrew the memory for them.
    public long cuts() {
        return cuts;
    }

    /// Takes the next rows of the mask.
    ///
    /// @param rows how many, 0 or more
    /// @param mask row-major, at least `rows * width` values, set where not 0
    /// @param probability laid out as `mask`, 0 to 1; read where the mask is set
    /// @throws IOException if the sink fails
    public void append(int rows, byte[] mask, float[] probability) throws IOException {
        if (finished) {
            throw new IllegalStateException("rows were appended after finish()");
        }
        long pixels = (long) rows * width;
        if (rows < 0 || mask.length < pixels || probability.length < pixels) {
            throw new IllegalArgumentException(rows + " rows of " + width + " columns need " + pixels
                    + " values, got a mask of " + mask.length + " and probabilities of " + probability.length);
        }
        for (int r = 0; r < rows; r++) {
            scan(mask, probability, r * width);
            advance();
        }
    }

    /// Emits the patches that reach the last row. Further calls do nothing.
    ///
    /// @return how many patches were emitted in all
    /// @throws IOException as [#append]
    public long finish() throws IOException {
        if (!finished) {
            finished = true;
            current.clear();
            advance();
        }
        return emitted;
    }

    /// Cuts one row into runs.
    private void scan(byte[] mask, float[] probability, int offset) {
        current.clear();
        int end = offset + width;
        for (int at = nextSet(mask, offset, end); at < end; at = nextSet(mask, at, end)) {
            int start = at;
            double sum = 0;
            float max = Float.NEGATIVE_INFINITY;
            do {
                sum += probability[at];
                max = Math.max(max, probability[at]);
                at++;
            } while (at < end && mask[at] != 0);
            current.add(start - offset, at - offset, sum, max);
        }
    }

    private static int nextSet(byte[] mask, int from, int end) {
        int at = from;
        while (at + Long.BYTES <= end && (long) EIGHT_BYTES.get(mask, at) == 0) {
            at += Long.BYTES;
        }
        while (at < end && mask[at] == 0) {
            at++;
        }
        return at;
    }

    private void advance() throws IOException {
        joinRuns();
        traceBetween();
        emitEnded();
        for (int run = 0; run < current.count; run++) {
            current.patch[run] = patches.find(current.patch[run]);
        }
        patches.forgetMerged();
        Runs spent = above;
        above = current;
        current = spent;
        row++;
        while (corners.live() > mostCorners) {
            cutLargest();
        }
    }

    /// Ends the patch with the most corners as if nothing of it lay in the next row.
    private void cutLargest() throws IOException {
        int largest = above.patch[0];
        for (int run = 1; run < above.count; run++) {
            if (patches.corners(above.patch[run]) > patches.corners(largest)) {
                largest = above.patch[run];
            }
        }
        var kept = new Runs(width);
        var ended = new Runs(width);
        for (int run = 0; run < above.count; run++) {
            (above.patch[run] == largest ? ended : kept).add(above, run);
        }
        above = ended;
        current.clear();
        traceBetween();
        emitEnded();
        above = kept;
        cuts++;
    }

    /// Gives each run of the current row its patch: that of the runs above which share a column with it, made
    /// one, or a new one.
    private void joinRuns() {
        int first = 0;
        for (int run = 0; run < current.count; run++) {
            int start = current.start(run);
            int end = current.end(run);
            while (first < above.count && above.end(first) <= start) {
                first++;
            }
            int patch = Patches.NONE;
            for (int over = first; over < above.count && above.start(over) < end; over++) {
                int other = patches.find(above.patch[over]);
                patch = patch == Patches.NONE ? other : patches.union(patch, other);
            }
            if (patch == Patches.NONE) {
                patch = patches.create();
            }
            patches.extend(patch, row, end - start, current.sum[run], current.max[run]);
            current.patch[run] = patch;
        }
    }

    /// Walks along the lattice line between the two rows, from left to right over the columns where either row
    /// changes, and makes a corner wherever the outline turns.
    ///
    /// The set pixels always lie to the right of the direction of travel: outlines go up along the start of a
    /// run, down along its end, east along a top edge and west along a bottom edge.
    private void traceBetween() {
        int i = 0;
        int j = 0;
        int left = CornerGraph.NONE;
        for (int x = Math.min(above.bound[0], current.bound[0]);
                x != Runs.END;
                x = Math.min(above.bound[i], current.bound[j])) {
            boolean changesAbove = above.bound[i] == x;
            boolean changesBelow = current.bound[j] == x;
            boolean setAbove = (i & 1) == 1;
            boolean setBelow = (j & 1) == 1;
            if (changesAbove && changesBelow && setAbove == setBelow) {
                current.corner[j++] = above.corner[i++];
            } else if (changesAbove && changesBelow) {
                int upper = patches.addCorner(above.patch[i >> 1], x, row);
                int lower = patches.addCorner(current.patch[j >> 1], x, row);
                corners.pair(upper, lower);
                linkDown(i++, upper);
                current.corner[j++] = lower;
                linkAcross(left, setAbove ? upper : lower, setAbove);
                left = setAbove ? lower : upper;
            } else {
                int corner;
                if (changesAbove) {
                    corner = patches.addCorner(above.patch[i >> 1], x, row);
                    linkDown(i++, corner);
                } else {
                    corner = patches.addCorner(current.patch[j >> 1], x, row);
                    current.corner[j++] = corner;
                }
                if (left == CornerGraph.NONE) {
                    left = corner;
                } else {
                    linkAcross(left, corner, setAbove);
                    left = CornerGraph.NONE;
                }
            }
        }
    }

    /// Links the vertical edge that comes down at a bound of the row above to the corner where it ends.
    private void linkDown(int bound, int corner) {
        if ((bound & 1) == 1) {
            corners.link(above.corner[bound], corner);
        } else {
            corners.link(corner, above.corner[bound]);
        }
    }

    private void linkAcross(int left, int right, boolean setAbove) {
        if (setAbove) {
            corners.link(right, left);
        } else {
            corners.link(left, right);
        }
    }

    private void emitEnded() throws IOException {
        for (int run = 0; run < above.count; run++) {
            int patch = patches.find(above.patch[run]);
            if (!patches.endsBefore(patch, row)) {
                continue;
            }
            if (patches.pixels(patch) >= minPixels) {
                emitted++;
                sink.accept(patches.component(patch, emitted));
            }
            patches.release(patch, row);
        }
    }

    /// The runs of one row. Bounds hold start, end, start, end, ... and then [#END]; a run covers the columns
    /// from its start up to, not including, its end.
    private static final class Runs {
        static final int END = Integer.MAX_VALUE;

        final int[] bound;
        /// The corner at the upper end of the vertical edge at each bound.
        final int[] corner;

        final int[] patch;
        final double[] sum;
        final float[] max;
        int count;

        Runs(int width) {
            int most = (width + 1) / 2;
            bound = new int[2 * most + 1];
            corner = new int[2 * most];
            patch = new int[most];
            sum = new double[most];
            max = new float[most];
            clear();
        }

        void clear() {
            count = 0;
            bound[0] = END;
        }

        void add(int start, int end, double total, float greatest) {
            bound[2 * count] = start;
            bound[2 * count + 1] = end;
            bound[2 * count + 2] = END;
            sum[count] = total;
            max[count] = greatest;
            count++;
        }

        /// Takes over a run whose corners and patch are known.
        void add(Runs other, int run) {
            add(other.bound[2 * run], other.bound[2 * run + 1], 0, 0);
            corner[2 * count - 2] = other.corner[2 * run];
            corner[2 * count - 1] = other.corner[2 * run + 1];
            patch[count - 1] = other.patch[run];
        }

        int start(int run) {
            return bound[2 * run];
        }

        int end(int run) {
            return bound[2 * run + 1];
        }
    }
}
