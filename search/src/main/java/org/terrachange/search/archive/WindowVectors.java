package org.terrachange.search.archive;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.raster.Window;
import org.terrachange.search.model.PairEmbedder;
import org.terrachange.search.model.SearchModel;

/// Cuts pairs of scenes into the windows that a search model was trained on, and asks it for their vectors.
public final class WindowVectors {
    /// Side of a window where either the ground resolution of the scene or that of the model's training is
    /// unknown.
    private static final int USUAL_SIDE = 256;

    private static final int LEAST_SIDE = 32;
    private static final int MOST_SIDE = 4096;

    private final SearchModel model;

    public WindowVectors(SearchModel model) {
        this.model = model;
    }

    /// The vector of a pair as an example to search by: the mean direction of all its windows.
    ///
    /// @param before location of the earlier image
    /// @param after location of the later image
    /// @return of length 1
    /// @throws org.terrachange.raster.RasterException if an image cannot be read
    /// @throws org.terrachange.raster.warp.MisfitException if the images have no common grid
    public float[] example(String before, String after) throws IOException {
        try (ScenePair pair = ArchiveImages.open(before, after, GsdRange.ANY)) {
            float[] sum = new float[model.card().architecture().embedDim()];
            List<Window> windows = plan(pair).windows();
            int together = together(windows.getFirst());
            for (int first = 0; first < windows.size(); first += together) {
                for (float[] vector : of(pair, windows.subList(first, Math.min(windows.size(), first + together)))) {
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += vector[i];
                    }
                }
            }
            double squares = 0;
            for (float value : sum) {
                squares += value * value;
            }
            for (int i = 0; i < sum.length; i++) {
                sum[i] /= (float) Math.sqrt(squares);
            }
            return sum;
        }
    }

    WindowPlan plan(ScenePair pair) {
        return WindowPlan.of(
                pair.grid().width(), pair.grid().height(), side(pair.alignment().gsd()));
    }

    private int side(OptionalDouble gsd) {
        OptionalDouble metres = model.card().windowMetres();
        if (gsd.isEmpty() || metres.isEmpty()) {
            return USUAL_SIDE;
        }
        return (int) Math.clamp(Math.round(metres.getAsDouble() / gsd.getAsDouble()), LEAST_SIDE, MOST_SIDE);
    }

    /// How many windows of the size of this one go through the model together.
    static int together(Window window) {
        return PairEmbedder.atATime(window.height(), window.width());
    }

    /// @param windows at least one, all of one size
    List<float[]> of(ScenePair pair, List<Window> windows) throws IOException {
        int width = windows.getFirst().width();
        int height = windows.getFirst().height();
        int image = 3 * width * height;
        byte[] before = new byte[windows.size() * image];
        byte[] after = new byte[before.length];
        for (int i = 0; i < windows.size(); i++) {
            ScenePair.Patch patch = pair.read(windows.get(i), width, height);
            System.arraycopy(patch.before(), 0, before, i * image, image);
            System.arraycopy(patch.after(), 0, after, i * image, image);
        }
        return model.changes(before, after, windows.size(), height, width);
    }
}
