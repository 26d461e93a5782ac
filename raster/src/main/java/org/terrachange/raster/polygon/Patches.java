package org.terrachange.raster.polygon;

import java.util.Arrays;

/// The patches that cross the current row: a union-find forest whose roots carry what is known of each patch so
/// far.
///
/// Slots are used again: those of ended patches at once, those merged into another after the row in which it
/// happened, when nothing refers to them any more.
final class Patches {
    static final int NONE = -1;

    private final CornerGraph corners;
    private int[] parent = new int[64];
    private int[] lastRow = new int[64];
    private int[] firstCorner = new int[64];
    private int[] lastCorner = new int[64];
    private int[] cornerCount = new int[64];
    private long[] pixels = new long[64];
    private double[] sum = new double[64];
    private float[] max = new float[64];
    private int used;

    private int[] free = new int[64];
    private int freeCount;
    private int[] merged = new int[64];
    private int mergedCount;

    Patches(CornerGraph corners) {
        this.corners = corners;
    }

    int create() {
        int patch;
        if (freeCount > 0) {
            patch = free[--freeCount];
        } else {
            patch = used++;
            if (patch == parent.length) {
                grow(patch * 2);
            }
        }
        parent[patch] = patch;
        firstCorner[patch] = CornerGraph.NONE;
        lastCorner[patch] = CornerGraph.NONE;
        cornerCount[patch] = 0;
        pixels[patch] = 0;
        sum[patch] = 0;
        max[patch] = Float.NEGATIVE_INFINITY;
        return patch;
    }

    int find(int patch) {
        int at = patch;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /// Makes two roots one; the first stays.
    int union(int root, int other) {
        if (root == other) {
            return root;
        }
        parent[other] = root;
        pixels[root] += pixels[other];
        sum[root] += sum[other];
        max[root] = Math.max(max[root], max[other]);
        // Every patch of an earlier row has corners, so neither list is empty.
        corners.chain(lastCorner[root], firstCorner[other]);
        lastCorner[root] = lastCorner[other];
        cornerCount[root] += cornerCount[other];
        if (mergedCount == merged.length) {
            merged = Arrays.copyOf(merged, mergedCount * 2);
        }
        merged[mergedCount++] = other;
        return root;
    }

    void extend(int root, int row, int count, double total, float greatest) {
        lastRow[root] = row;
        pixels[root] += count;
        sum[root] += total;
        max[root] = Math.max(max[root], greatest);
    }

    int addCorner(int patch, int x, int y) {
        int root = find(patch);
        int corner = corners.add(x, y);
        if (firstCorner[root] == CornerGraph.NONE) {
            firstCorner[root] = corner;
        } else {
            corners.chain(lastCorner[root], corner);
        }
        lastCorner[root] = corner;
        cornerCount[root]++;
        return corner;
    }

    boolean endsBefore(int root, int row) {
        return lastRow[root] < row;
    }

    int corners(int root) {
        return cornerCount[root];
    }

    long pixels(int root) {
        return pixels[root];
    }

    MaskComponent component(int root, long id) {
        return new MaskComponent(
                id, corners.polygon(firstCorner[root]), pixels[root], sum[root] / pixels[root], max[root]);
    }

    /// Gives up an ended patch. Marked as seen in `row`, it is not taken for ended again by its other runs.
    void release(int root, int row) {
        corners.release(firstCorner[root]);
        lastRow[root] = row;
        giveBack(root);
    }

    /// Gives back the slots of merged patches; call when no run refers to them any more.
    void forgetMerged() {
        for (int i = 0; i < mergedCount; i++) {
            giveBack(merged[i]);
        }
        mergedCount = 0;
    }

    private void giveBack(int slot) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = slot;
    }

    private void grow(int capacity) {
        parent = Arrays.copyOf(parent, capacity);
        lastRow = Arrays.copyOf(lastRow, capacity);
        firstCorner = Arrays.copyOf(firstCorner, capacity);
        lastCorner = Arrays.copyOf(lastCorner, capacity);
        cornerCount = Arrays.copyOf(cornerCount, capacity);
        pixels = Arrays.copyOf(pixels, capacity);
        sum = Arrays.copyOf(sum, capacity);
        max = Arrays.copyOf(max, capacity);
    }
}
