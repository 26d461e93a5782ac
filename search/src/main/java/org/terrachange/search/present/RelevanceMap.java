package org.terrachange.search.present;

import java.util.List;
import org.terrachange.search.model.PairEmbedder;

/// Where in a pair its likeness to a query lies. The change is undone around cell by cell, by putting the earlier
/// image's pixels in place of the later one's; what the score loses is what that place gave to it. This asks
/// nothing of the inside of a model (occlusion, Zeiler and Fergus 2014, with the earlier date as what lies
/// behind).
///
/// @param cells rows and columns of the map
/// @param drops loss of score without each cell and its neighbours, row by row; below 0 where they speak against
///     the query
public record RelevanceMap(int cells, float[] drops) {
    /// Neighbours of a cell on each side that are undone with it: less than a house or a road's bend leaves too
    /// much of it for the score to fall.
    private static final int REACH = 1;

    /// Works out the map of one pair.
    ///
    /// @param query vector of length 1
    /// @param before 8-bit RGB, planar
    /// @param after the same
    /// @param cells rows and columns of the map
    public static RelevanceMap of(
            PairEmbedder model, float[] query, byte[] before, byte[] after, int width, int height, int cells) {
        double whole = dot(query, model.changes(before, after, 1, height, width).getFirst());
        float[] drops = new float[cells * cells];
        int together = PairEmbedder.atATime(height, width);
        for (int first = 0; first < drops.length; first += together) {
            int count = Math.min(together, drops.length - first);
            byte[] earlier = new byte[count * before.length];
            byte[] later = new byte[count * before.length];
            for (int i = 0; i < count; i++) {
                System.arraycopy(before, 0, earlier, i * before.length, before.length);
                System.arraycopy(after, 0, later, i * before.length, before.length);
                undo(before, later, i * before.length, width, height, cells, first + i);
            }
            List<float[]> vectors = model.changes(earlier, later, count, height, width);
            for (int i = 0; i < count; i++) {
                drops[first + i] = (float) (whole - dot(query, vectors.get(i)));
            }
        }
        return new RelevanceMap(cells, drops);
    }

    private static void undo(byte[] before, byte[] later, int at, int width, int height, int cells, int cell) {
        int top = edge(cell / cells - REACH, height, cells);
        int bottom = edge(cell / cells + REACH + 1, height, cells);
        int left = edge(cell % cells - REACH, width, cells);
        int right = edge(cell % cells + REACH + 1, width, cells);
        for (int band = 0; band < 3; band++) {
            for (int y = top; y < bottom; y++) {
                int from = (band * height + y) * width + left;
                System.arraycopy(before, from, later, at + from, right - left);
            }
        }
    }

    private static int edge(int cell, int pixels, int cells) {
        return Math.clamp(cell, 0, cells) * pixels / cells;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /// The largest loss of a cell, 0 where no cell gives anything.
    public float highest() {
        float highest = 0;
        for (float drop : drops) {
            highest = Math.max(highest, drop);
        }
        return highest;
    }
}
