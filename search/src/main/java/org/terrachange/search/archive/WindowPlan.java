package org.terrachange.search.archive;

import java.util.ArrayList;
import java.util.List;
import org.terrachange.raster.Window;

/// The windows of a scene that become records of their own: side by side, the last of a row and of a column
/// moved back so that it is as large as the others. A scene smaller than a window is one window.
///
/// @param rows the windows of equal height, from top to bottom, in each from left to right
public record WindowPlan(List<List<Window>> rows) {

    /// @param width of the scene in pixels
    /// @param height of the scene
    /// @param side of a window
    public static WindowPlan of(int width, int height, int side) {
        if (side < 1) {
            throw new IllegalArgumentException("a window has a side of at least one pixel, got " + side);
        }
        List<List<Window>> rows = new ArrayList<>();
        for (int y : starts(height, side)) {
            List<Window> row = new ArrayList<>();
            for (int x : starts(width, side)) {
                row.add(new Window(x, y, Math.min(side, width), Math.min(side, height)));
            }
            rows.add(List.copyOf(row));
        }
        return new WindowPlan(List.copyOf(rows));
    }

    private static List<Integer> starts(int length, int side) {
        List<Integer> starts = new ArrayList<>();
        for (int start = 0; start == 0 || start < length; start += side) {
            starts.add(Math.max(0, Math.min(start, length - side)));
        }
        return starts;
    }

    /// All windows, row by row.
    public List<Window> windows() {
        return rows.stream().flatMap(List::stream).toList();
    }
}
