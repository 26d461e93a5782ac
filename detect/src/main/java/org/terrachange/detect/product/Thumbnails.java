package org.terrachange.detect.product;

import java.awt.image.BufferedImage;
import org.terrachange.detect.scene.RowConsumer;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

/// Reduced pictures of both dates and of the changes over the later one, made by averaging as the rows come,
/// so that a scene of any size fits a page.
public final class Thumbnails implements RowConsumer {
    private static final int LONGEST_SIDE = 1600;
    private static final float[] CHANGE_COLOUR = {230, 40, 60};
    private static final float CHANGE_OPACITY = 0.6f;

    private final float threshold;
    private final int factor;
    private final int width;
    private final int height;
    private final float[] before;
    private final float[] after;
    private final float[] changed;
    private final float[] seen;
    private final float[] finished;

    /// @param grid of the scene
    /// @param threshold probability from which a pixel counts as changed
    public Thumbnails(Grid grid, double threshold) {
        this.threshold = (float) threshold;
        factor = Math.max(1, Math.ceilDiv(Math.max(grid.width(), grid.height()), LONGEST_SIDE));
        width = Math.ceilDiv(grid.width(), factor);
        height = Math.ceilDiv(grid.height(), factor);
        before = new float[3 * width * height];
        after = new float[3 * width * height];
        changed = new float[width * height];
        seen = new float[width * height];
        finished = new float[width * height];
    }

    /// Adds the pixels of a tile. Where tiles overlap, pixels count more than once, which a mean forgives.
    public void show(ScenePair.Patch patch) {
        Window window = patch.window();
        int plane = patch.width() * patch.height();
        for (int row = 0; row < window.height(); row++) {
            int line = (window.y() + row) / factor * width;
            for (int column = 0; column < window.width(); column++) {
                int from = row * patch.width() + column;
                int to = line + (window.x() + column) / factor;
                seen[to]++;
                for (int band = 0; band < 3; band++) {
                    before[band * width * height + to] += patch.before()[band * plane + from] & 0xff;
                    after[band * width * height + to] += patch.after()[band * plane + from] & 0xff;
                }
            }
        }
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
        return picture(before, false);
    }

    /// The later date.
    public BufferedImage after() {
        return picture(after, false);
    }

    /// The later date with changes tinted red.
    public BufferedImage overlay() {
        return picture(after, true);
    }

    /// How many scene pixels one pixel of the pictures spans in each direction.
    public int factor() {
        return factor;
    }

    private BufferedImage picture(float[] sums, boolean tinted) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            float share = tinted ? changed[i] / finished[i] * CHANGE_OPACITY : 0;
            int rgb = 0;
            for (int band = 0; band < 3; band++) {
                float value = sums[band * width * height + i] / seen[i];
                rgb = rgb << 8 | Math.round(value * (1 - share) + CHANGE_COLOUR[band] * share);
            }
            image.setRGB(i % width, i / width, rgb);
        }
        return image;
    }
}
