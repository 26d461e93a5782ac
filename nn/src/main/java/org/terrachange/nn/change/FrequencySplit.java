package org.terrachange.nn.change;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.transformer.Layers;
import org.terrachange.nn.transformer.Weight;
import org.terrachange.nn.transformer.WeightSpec;

/// Parts a grid of vectors into low and high spatial frequencies, which add up to it again. The border is a
/// circle in the plane of frequencies, so no direction is preferred; its radius and its softness are learned.
/// The mean over the grid always belongs to the low part.
///
/// Parameters: `.radius`, in shares of the highest frequency along one axis, and `.log_softness`.
final class FrequencySplit {
    private static final double RADIUS = 0.4;
    private static final double SOFTNESS = 0.1;
    private static final long[] GRID = {1, 2};

    private final Weight radius;
    private final Weight logSoftness;

    FrequencySplit(String name, Layers layers) {
        radius = layers.weight(WeightSpec.constant(name + ".radius", RADIUS));
        logSoftness = layers.weight(WeightSpec.constant(name + ".log_softness", Math.log(SOFTNESS)));
    }

    /// @param low the shape that was split
    /// @param high the same
    record Parts(Tensor low, Tensor high) {}

    /// Splits each channel of each grid.
    ///
    /// @param grid `[n, rows, columns, d]`, float32
    Parts of(Tensor grid) {
        Tensor low = filtered(grid, mask(grid));
        return new Parts(low, grid.sub(low));
    }

    /// How much of each frequency belongs to the low part: `[rows, columns / 2 + 1, 1]`, 0 to 1, 1 at frequency 0.
    Tensor mask(Tensor grid) {
        Tensor frequencies = radii((int) grid.size(1), (int) grid.size(2)).to(grid.device(), ScalarType.Float);
        Tensor cut = radius.as(ScalarType.Float);
        Tensor softness = logSoftness.as(ScalarType.Float).exp();
        Tensor inside = cut.sub(frequencies).div(softness).sigmoid();
        return inside.div(cut.div(softness).sigmoid());
    }

    /// The grid with each of its frequencies multiplied by that of the mask; a mask of ones leaves it as it is.
    ///
    /// @param grid `[n, rows, columns, d]`, float32
    /// @param mask `[rows, columns / 2 + 1, 1]`, float32
    static Tensor filtered(Tensor grid, Tensor mask) {
        Tensor spectrum = torch.fft_rfft2(grid, new LongArrayRefOptional(), GRID, new StringViewOptional());
        return torch.fft_irfft2(
                spectrum.mul(mask), new long[] {grid.size(1), grid.size(2)}, GRID, new StringViewOptional());
    }

    /// Distance of each frequency from 0, in shares of the highest along one axis: `[rows, columns / 2 + 1, 1]`.
    private static Tensor radii(int rows, int columns) {
        int half = columns / 2 + 1;
        float[] radii = new float[rows * half];
        for (int v = 0; v < rows; v++) {
            double vertical = 2.0 * Math.min(v, rows - v) / rows;
            for (int u = 0; u < half; u++) {
                radii[v * half + u] = (float) Math.hypot(vertical, 2.0 * u / columns);
            }
        }
        return torch.from_blob(new FloatPointer(radii), rows, half, 1).clone();
    }
}
