package org.terrachange.search.archive;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.terrachange.detect.scene.RowConsumer;
import org.terrachange.raster.Window;
import org.terrachange.raster.polygon.Polygonizer;

/// Cuts the rows of a detection into windows as they come, and says of each what changed in it. Holds no more
/// rows than two windows are high.
final class WindowChanges implements RowConsumer {
    private final float threshold;
    private final int minPixels;
    private final Deque<List<Window>> pending;
    private final List<WindowChange> done = new ArrayList<>();
    private final Deque<float[]> rows = new ArrayDeque<>();
    private final int width;
    private int firstRow;
    private int nextRow;

    /// @param width of the scene in pixels
    /// @param threshold of the probability from which a pixel counts as changed
    /// @param minPixels smaller patches get no outline
    WindowChanges(int width, WindowPlan plan, double threshold, int minPixels) {
        this.width = width;
        this.threshold = (float) threshold;
        this.minPixels = minPixels;
        pending = new ArrayDeque<>(plan.rows());
    }

    @Override
    public void rows(int y, int count, float[] probability) throws IOException {
        for (int row = 0; row < count; row++) {
            float[] values = new float[width];
            System.arraycopy(probability, row * width, values, 0, width);
            rows.addLast(values);
        }
        nextRow = y + count;
        while (!pending.isEmpty() && pending.getFirst().getFirst().bottom() <= nextRow) {
            List<Window> row = pending.removeFirst();
            List<float[]> lines = rows.stream()
                    .skip(row.getFirst().y() - firstRow)
                    .limit(row.getFirst().height())
                    .toList();
            for (Window window : row) {
                done.add(measured(window, lines));
            }
            int needed =
                    pending.isEmpty() ? nextRow : pending.getFirst().getFirst().y();
            while (firstRow < needed && !rows.isEmpty()) {
                rows.removeFirst();
                firstRow++;
            }
        }
    }

    private WindowChange measured(Window window, List<float[]> lines) throws IOException {
        int pixels = Math.toIntExact(window.area());
        byte[] mask = new byte[pixels];
        float[] probability = new float[pixels];
        long valid = 0;
        long changed = 0;
        for (int row = 0; row < window.height(); row++) {
            System.arraycopy(lines.get(row), window.x(), probability, row * window.width(), window.width());
        }
        for (int i = 0; i < pixels; i++) {
            // A missing pixel is NaN, with which every comparison is false.
            if (!Float.isNaN(probability[i])) {
                valid++;
            }
            if (probability[i] >= threshold) {
                mask[i] = 1;
                changed++;
            }
        }
        List<Polygon> outlines = new ArrayList<>();
        AffineTransformation toScene = AffineTransformation.translationInstance(window.x(), window.y());
        Polygonizer polygonizer = new Polygonizer(
                window.width(), minPixels, patch -> outlines.add((Polygon) toScene.transform(patch.outline())));
        polygonizer.append(window.height(), mask, probability);
        polygonizer.finish();
        return new WindowChange(window, valid, changed, outlines);
    }

    /// What was found so far, window by window in the order of the plan.
    List<WindowChange> done() {
        return List.copyOf(done);
    }
}
