package org.terrachange.raster.vector;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The packed Hilbert R-tree of FlatGeobuf: boxes sorted along a Hilbert curve, sixteen to a node, whose boxes
/// are sixteen to a node again up to a single root (Kamel and Faloutsos, Hilbert R-tree, VLDB 1994; packed
/// bottom up).
final class HilbertRTree {
    static final int NODE_SIZE = 16;

    /// A box and where to find what is inside it.
    private static final int NODE_BYTES = 4 * Double.BYTES + Long.BYTES;

    private static final int CURVE_ORDER = 16;

    private final double[] boxes;
    private final int[] order;
    /// Boxes of the nodes above the leaves, in the order of the file: root first, level after level.
    private final double[] inner;

    /// For each level, lowest first, the number of its nodes; the leaves are level 0.
    private final int[] levels;

    /// @param boxes least x, least y, greatest x, greatest y of each item
    /// @param count of the items, at least 1
    HilbertRTree(double[] boxes, int count) {
        this.boxes = boxes;
        this.order = order(boxes, count);
        this.levels = levels(count);
        int innerNodes = Arrays.stream(levels).skip(1).sum();
        this.inner = new double[4 * innerNodes];
        pack();
    }

    /// The items in the order in which they must be stored.
    int[] order() {
        return order;
    }

    /// Least x, least y, greatest x, greatest y of everything.
    double[] extent() {
        return Arrays.copyOf(inner, 4);
    }

    private static int[] levels(int count) {
        int[] levels = new int[Integer.SIZE];
        int level = 0;
        levels[level] = count;
        do {
            level++;
            levels[level] = (levels[level - 1] - 1) / NODE_SIZE + 1;
        } while (levels[level] > 1);
        return Arrays.copyOf(levels, level + 1);
    }

    private static int[] order(double[] boxes, int count) {
        double[] extent = {
            Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY
        };
        for (int i = 0; i < count; i++) {
            include(extent, 0, boxes, 4 * i);
        }
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            int x = cell((boxes[4 * i] + boxes[4 * i + 2]) / 2, extent[0], extent[2]);
            int y = cell((boxes[4 * i + 1] + boxes[4 * i + 3]) / 2, extent[1], extent[3]);
            // 32 bits of the curve above 31 of the number sort as one non-negative long.
            keys[i] = hilbert(x, y) << 31 | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys)
                .mapToInt(key -> (int) key & Integer.MAX_VALUE)
                .toArray();
    }

    private static int cell(double centre, double least, double greatest) {
        int last = (1 << CURVE_ORDER) - 1;
        return greatest > least ? (int) Math.clamp((centre - least) / (greatest - least) * last, 0, last) : 0;
    }

    /// How far along the curve a cell lies, from 0 to 2^32 - 1.
    private static long hilbert(int cellX, int cellY) {
        int x = cellX;
        int y = cellY;
        long distance = 0;
        for (int side = 1 << (CURVE_ORDER - 1); side > 0; side >>= 1) {
            int right = (x & side) > 0 ? 1 : 0;
            int up = (y & side) > 0 ? 1 : 0;
            distance += (long) side * side * ((3 * right) ^ up);
            if (up == 0) {
                if (right == 1) {
                    x = side - 1 - (x & (side - 1));
                    y = side - 1 - (y & (side - 1));
                }
                int swapped = x;
                x = y;
                y = swapped;
            }
        }
        return distance;
    }

    /// Fills in the inner nodes from the leaves upwards.
    private void pack() {
        Arrays.fill(inner, Double.POSITIVE_INFINITY);
        for (int i = 0; i < inner.length; i += 4) {
            inner[i + 2] = Double.NEGATIVE_INFINITY;
            inner[i + 3] = Double.NEGATIVE_INFINITY;
        }
        for (int i = 0; i < order.length; i++) {
            include(inner, 4 * (firstNode(1) + i / NODE_SIZE), boxes, 4 * order[i]);
        }
        for (int level = 2; level < levels.length; level++) {
            for (int i = 0; i < levels[level - 1]; i++) {
                include(inner, 4 * (firstNode(level) + i / NODE_SIZE), inner, 4 * (firstNode(level - 1) + i));
            }
        }
    }

    /// Position of the first node of a level in the file.
    private int firstNode(int level) {
        int first = 0;
        for (int above = levels.length - 1; above > level; above--) {
            first += levels[above];
        }
        return first;
    }

    private static void include(double[] into, int at, double[] boxes, int box) {
        into[at] = Math.min(into[at], boxes[box]);
        into[at + 1] = Math.min(into[at + 1], boxes[box + 1]);
        into[at + 2] = Math.max(into[at + 2], boxes[box + 2]);
        into[at + 3] = Math.max(into[at + 3], boxes[box + 3]);
    }

    /// Writes all nodes. An inner node points to its first child by that one's position among the nodes, a leaf
    /// to its item.
    ///
    /// @param sizes bytes of each item as it is stored, by its number before sorting
    void write(OutputStream out, int[] sizes) throws IOException {
        ByteBuffer node = ByteBuffer.allocate(NODE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int level = levels.length - 1; level > 0; level--) {
            for (int i = 0; i < levels[level]; i++) {
                long firstChild = firstNode(level - 1) + (long) i * NODE_SIZE;
                put(node, inner, 4 * (firstNode(level) + i), firstChild);
                out.write(node.array());
            }
        }
        long offset = 0;
        for (int item : order) {
            put(node, boxes, 4 * item, offset);
            out.write(node.array());
            offset += sizes[item];
        }
    }

    private static void put(ByteBuffer node, double[] boxes, int box, long target) {
        node.clear();
        for (int i = 0; i < 4; i++) {
            node.putDouble(boxes[box + i]);
        }
        node.putLong(target);
    }
}
