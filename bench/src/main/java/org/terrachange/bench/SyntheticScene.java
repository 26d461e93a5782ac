package org.terrachange.bench;

import java.util.SplittableRandom;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.Window;

/// Overhead imagery made up from noise of several scales, roofs and the noise of a sensor, so that lossless codecs
/// pack it about as well as the real thing: to two thirds or more of its size.
public final class SyntheticScene {
    private static final int ROOF_CELL = 96;
    private static final double SENSOR_NOISE = 4;

    private SyntheticScene() {}

    /// Some rows of the scene, three bands of bytes.
    public static PixelBlock rows(int width, int firstRow, int rows) {
        var window = new Window(0, firstRow, width, rows);
        var bands = new byte[3][width * rows];
        for (int y = 0; y < rows; y++) {
            var noise = new SplittableRandom(firstRow + y);
            for (int x = 0; x < width; x++) {
                double ground = 90 + 40 * octaves(x, firstRow + y);
                double roof = roof(x, firstRow + y);
                for (int band = 0; band < 3; band++) {
                    double value = (roof > 0 ? roof : ground) + 12 * (1 - band) + SENSOR_NOISE * noise.nextGaussian();
                    bands[band][y * width + x] = (byte) Math.clamp(Math.round(value), 0, 255);
                }
            }
        }
        return PixelBlock.ofBytes(window, bands);
    }

    private static double octaves(int x, int y) {
        return 0.5 * smooth(x, y, 128) + 0.3 * smooth(x, y, 32) + 0.2 * smooth(x, y, 8);
    }

    /// Noise of one scale, from -1 to 1, bilinear between the points of a lattice.
    private static double smooth(int x, int y, int scale) {
        int column = x / scale;
        int row = y / scale;
        double right = (double) (x % scale) / scale;
        double down = (double) (y % scale) / scale;
        double top = lattice(column, row, scale) * (1 - right) + lattice(column + 1, row, scale) * right;
        double bottom = lattice(column, row + 1, scale) * (1 - right) + lattice(column + 1, row + 1, scale) * right;
        return top * (1 - down) + bottom * down;
    }

    private static double lattice(int column, int row, int scale) {
        long mixed = (column * 0x9e3779b97f4a7c15L) ^ (row * 0xc2b2ae3d27d4eb4fL) ^ scale;
        mixed = (mixed ^ mixed >>> 31) * 0xbf58476d1ce4e5b9L;
        return (mixed >> 40) / (double) (1 << 23);
    }

    /// The brightness of the roof at a place, 0 where there is none: one house in every other cell.
    private static double roof(int x, int y) {
        double cell = lattice(x / ROOF_CELL, y / ROOF_CELL, 1);
        int inX = x % ROOF_CELL;
        int inY = y % ROOF_CELL;
        boolean house = cell > 0 && inX > 20 && inX < 60 + 30 * cell && inY > 15 && inY < 80;
        return house ? 130 + 100 * cell : 0;
    }
}
