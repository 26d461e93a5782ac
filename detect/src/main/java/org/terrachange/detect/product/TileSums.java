package org.terrachange.detect.product;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

/// The pixels of both dates added up for reduced pictures, over some lines of these. Sums are whole numbers, so
/// that they do not depend on the order of the tiles: sums over parts of a scene add up to those over the whole.
public final class TileSums {
    private static final int LONGEST_SIDE = 1600;
    private static final int BANDS = 3;

    private final int factor;
    private final int width;
    private final int firstLine;
    private final int lines;

    /// By date, colour, line and column.
    private final int[] sums;

    private final int[] seen;

    private TileSums(int factor, int width, int firstLine, int lines) {
        this.factor = factor;
        this.width = width;
        this.firstLine = firstLine;
        this.lines = lines;
        sums = new int[2 * BANDS * width * lines];
        seen = new int[width * lines];
    }

    /// Nothing yet, for all lines.
    ///
    /// @param grid of the scene
    public static TileSums of(Grid grid) {
        return of(grid, 0, grid.height());
    }

    /// Nothing yet, for the lines that show some rows of the scene.
    ///
    /// @param grid of the scene
    /// @param from first row of pixels
    /// @param to the one after the last
    public static TileSums of(Grid grid, int from, int to) {
        int factor = Math.max(1, Math.ceilDiv(Math.max(grid.width(), grid.height()), LONGEST_SIDE));
        int firstLine = from / factor;
        return new TileSums(
                factor, Math.ceilDiv(grid.width(), factor), firstLine, Math.ceilDiv(to, factor) - firstLine);
    }

    /// Adds the pixels of a tile. Where tiles overlap, pixels count more than once, which a mean forgives.
    public void show(ScenePair.Patch patch) {
        Window window = patch.window();
        int plane = patch.width() * patch.height();
        for (int row = 0; row < window.height(); row++) {
            int line = ((window.y() + row) / factor - firstLine) * width;
            for (int column = 0; column < window.width(); column++) {
                int from = row * patch.width() + column;
                int to = line + (window.x() + column) / factor;
                seen[to]++;
                for (int band = 0; band < BANDS; band++) {
                    sums[band * seen.length + to] += patch.before()[band * plane + from] & 0xff;
                    sums[(BANDS + band) * seen.length + to] += patch.after()[band * plane + from] & 0xff;
                }
            }
        }
    }

    /// Adds what [#write] wrote of a part of the same scene.
    ///
    /// @return false, and nothing added, if what stands there are no sums of this scene
    public boolean add(DataInput in) throws IOException {
        int partFactor = in.readInt();
        int partWidth = in.readInt();
        int partFirst = in.readInt();
        int partLines = in.readInt();
        if (partFactor != factor
                || partWidth != width
                || partLines < 0
                || partFirst < firstLine
                || partFirst + partLines > firstLine + lines) {
            return false;
        }
        int at = (partFirst - firstLine) * width;
        for (int plane = 0; plane < 2 * BANDS; plane++) {
            add(in, sums, plane * seen.length + at, partLines * width);
        }
        add(in, seen, at, partLines * width);
        return true;
    }

    private static void add(DataInput in, int[] to, int from, int count) throws IOException {
        for (int i = from; i < from + count; i++) {
            to[i] += in.readInt();
        }
    }

    /// Writes the sums.
    public void write(DataOutput out) throws IOException {
        for (int number : new int[] {factor, width, firstLine, lines}) {
            out.writeInt(number);
        }
        for (int sum : sums) {
            out.writeInt(sum);
        }
        for (int count : seen) {
            out.writeInt(count);
        }
    }

    /// How many scene pixels one pixel of the pictures spans in each direction.
    int factor() {
        return factor;
    }

    /// Columns of the pictures.
    int width() {
        return width;
    }

    /// Lines that are summed.
    int lines() {
        return lines;
    }

    /// The mean of one colour at one place, 0 to 255.
    ///
    /// @param at line times [#width] plus column
    float mean(boolean later, int band, int at) {
        return (float) sums[((later ? BANDS : 0) + band) * seen.length + at] / seen[at];
    }
}
