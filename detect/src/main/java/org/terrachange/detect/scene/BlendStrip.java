package org.terrachange.detect.scene;

import java.util.Arrays;
import org.terrachange.raster.Window;

/// The part of a scene's probabilities that a row of tiles is being blended into: as wide as the scene, as high as
/// a tile. Each tile adds its probabilities times its weights; rows that no further tile reaches are taken off the
/// top, and the strip moves down.
public final class BlendStrip {
    private final int width;
    private final TileAxis across;
    private final TileAxis down;
    private final float[] sums;

    BlendStrip(int width, TileAxis across, TileAxis down) {
        this.width = width;
        this.across = across;
        this.down = down;
        sums = new float[width * down.spans().getFirst().length()];
    }

    /// An empty strip at the top of a scene.
    ///
    /// @param width columns of the scene
    /// @param height rows of the scene
    /// @param tile width and height of a tile in pixels, a multiple of 32
    /// @param overlap pixels that neighbouring tiles share, at most half a tile
    public static BlendStrip over(int width, int height, int tile, int overlap) {
        return new BlendStrip(width, new TileAxis(width, tile, overlap), new TileAxis(height, tile, overlap));
    }

    /// Adds a tile of the row that the strip lies under.
    ///
    /// @param patch what the tile shows; its missing pixels become NaN for good, whatever other tiles say of them
    /// @param probability one for each pixel of the patch, padding included; read only where none is missing
    /// @param row of the tile
    /// @param column of the tile
    public void add(ScenePair.Patch patch, float[] probability, int row, int column) {
        Window window = patch.window();
        float[] horizontal = across.weights(column);
        float[] vertical = down.weights(row);
        for (int y = 0; y < window.height(); y++) {
            int to = y * width + window.x();
            int from = y * patch.width();
            for (int x = 0; x < window.width(); x++) {
                sums[to + x] +=
                        patch.missing()[from + x] ? Float.NaN : probability[from + x] * horizontal[x] * vertical[y];
            }
        }
    }

    /// Takes the rows that no later tile touches off the top.
    ///
    /// @param row of the tiles that were added last
    /// @return those rows, in full width
    public float[] settle(int row) {
        int settled = down.settled(row) * width;
        float[] finished = Arrays.copyOf(sums, settled);
        System.arraycopy(sums, settled, sums, 0, sums.length - settled);
        Arrays.fill(sums, sums.length - settled, sums.length, 0);
        return finished;
    }
}
