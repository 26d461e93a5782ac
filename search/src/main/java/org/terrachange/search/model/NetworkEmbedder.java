package org.terrachange.search.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.clip.ClipPreprocessing;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;

/// Vectors from a network as it is, in training or after it.
///
/// @param network that computes them
/// @param preprocessing of its images
/// @param mode that the network computes in
public record NetworkEmbedder(SearchNetwork network, ClipPreprocessing preprocessing, ComputeMode mode)
        implements PairEmbedder {

    @Override
    public List<float[]> changes(byte[] before, byte[] after, int count, int height, int width) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            return rows(network.changes(
                    preprocessing.apply(before, count, height, width, mode),
                    preprocessing.apply(after, count, height, width, mode),
                    Mode.INFERENCE));
        }
    }

    @Override
    public List<float[]> texts(List<String> sentences) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            return rows(network.texts(sentences, mode));
        }
    }

    /// Rows of a matrix, each brought to length 1.
    private static List<float[]> rows(Tensor matrix) {
        float[] values = HostCopies.toHost(matrix).toFloats();
        int width = (int) matrix.size(1);
        List<float[]> rows = new ArrayList<>();
        for (int start = 0; start < values.length; start += width) {
            float[] row = new float[width];
            double sum = 0;
            for (int i = 0; i < width; i++) {
                row[i] = values[start + i];
                sum += row[i] * row[i];
            }
            float scale = (float) (1 / Math.max(1e-12, Math.sqrt(sum)));
            for (int i = 0; i < width; i++) {
                row[i] *= scale;
            }
            rows.add(row);
        }
        return rows;
    }
}
