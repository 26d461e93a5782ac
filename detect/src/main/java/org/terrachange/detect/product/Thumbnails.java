package org.terrachange.detect.product;

import java.awt.image.BufferedImage;
import org.terrachange.detect.scene.RowConsumer;
import org.terrachange.raster.Grid;

/// Reduced pictures of both dates and of the changes over the later one, made by averaging as the rows come,
/// so that a scene of any size fits a page.
public final class Thumbnails implements RowConsumer {
    private static final float[] CHANGE_COLOUR = {230, 40, 60};
    private static final float CHANGE_OPACITY = 0.6f;

    private final float threshold;
    private final TileSums tiles;
    private final int factor;
    private final int width;
    private final int height;
    private final int[] changed;
    private final int[] finished;

    /// @param grid of the scene
    /// @param threshold probability from which a pixel counts as changed
    public Thumbnails(Grid grid, double threshold) {
        this.threshold = (float) threshold;
        tiles = TileSums.of(grid);
        factor = tiles.factor();
        width = tiles.width();
        height = tiles.lines();
        changed = new int[width * height];
        finished = new int[width * height];
    }

    /// Where the pixels of both dates are added up.
    public TileSums tiles() {
        return tiles;
    }

    @Override
    public void rows(int y, int count, float[] probability) {
        int sceneWidth = probability.length / count;
        for (int row = 0; row < count; row++) {
            int line = (y + row) / factor * width;
            for (int x = 0; x < sceneWidth; x++) {
                float p = probability[row * sceneWidth + x];
                finished[line + x / factor]++;
                changed[line + x / factor] += p >= threshold ? 1 : 0;
            }
        }
    }

    /// The earlier date.
    public BufferedImage before() {
        return picture(false, false);
    }

    /// The later date.
    public BufferedImage after() {
        return picture(true, false);
    }

    /// The later date with changes tinted red.
    public BufferedImage overlay() {
        return picture(true, true);
    }

    /// How many scene pixels one pixel of the pictures spans in each direction.
    public int factor() {
        return factor;
    }

    private BufferedImage picture(boolean later, boolean tinted) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            float share = tinted ? (float) changed[i] / finished[i] * CHANGE_OPACITY : 0;
            int rgb = 0;
            for (int band = 0; band < 3; band++) {
                float value = tiles.mean(later, band, i);
                rgb = rgb << 8 | Math.round(value * (1 - share) + CHANGE_COLOUR[band] * share);
            }
            image.setRGB(i % width, i / width, rgb);
        }
        return image;
    }
}
