package org.terrachange.detect.product;

import java.awt.image.BufferedImage;
import java.io.IOException;
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

    private final ScenePair pair;
    private final float threshold;
    private final int factor;
    private final int width;
    private final int height;
    private final float[] before;
    private final float[] after;
    private final float[] changed;
    private final float[] weight;

    public Thumbnails(ScenePair pair, double threshold) {
        this.pair = pair;
        this.threshold = (float) threshold;
        Grid grid = pair.grid();
        factor = Math.max(1, Math.ceilDiv(Math.max(grid.width(), grid.height()), LONGEST_SIDE));
        width = Math.ceilDiv(grid.width(), factor);
        height = Math.ceilDiv(grid.height(), factor);
        before = new float[3 * width * height];
        after = new float[3 * width * height];
        changed = new float[width * height];
        weight = new float[width * height];
    }

    @Override
    public void rows(int y, int count, float[] probability) throws IOException {
        int sceneWidth = pair.grid().width();
        // A few rows at a time: the strip that has just been settled may be a thousand rows of a very wide scene.
        int step = Math.max(1, (1 << 22) / sceneWidth);
        for (int start = 0; start < count; start += step) {
            int rows = Math.min(step, count - start);
            ScenePair.Patch patch = pair.read(new Window(0, y + start, sceneWidth, rows), sceneWidth, rows);
            int plane = sceneWidth * rows;
            for (int row = 0; row < rows; row++) {
                for (int x = 0; x < sceneWidth; x++) {
                    int from = row * sceneWidth + x;
                    int to = (y + start + row) / factor * width + x / factor;
                    weight[to]++;
                    float p = probability[start * sceneWidth + from];
                    changed[to] += p >= threshold ? 1 : 0;
                    for (int band = 0; band < 3; band++) {
                        before[band * width * height + to] += patch.before()[band * plane + from] & 0xff;
                        after[band * width * height + to] += patch.after()[band * plane + from] & 0xff;
                    }
                }
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
            float share = tinted ? changed[i] / weight[i] * CHANGE_OPACITY : 0;
            int rgb = 0;
            for (int band = 0; band < 3; band++) {
                float value = sums[band * width * height + i] / weight[i];
                rgb = rgb << 8 | Math.round(value * (1 - share) + CHANGE_COLOUR[band] * share);
            }
            image.setRGB(i % width, i / width, rgb);
        }
        return image;
    }
}
