package org.terrachange.nn.change;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Where a patch lies in its image, as sines and cosines (Vaswani et al. 2017) of both coordinates: texts tell
/// of "the upper left corner", and a convolutional tower does not say where a cell is. Coordinates run from 0
/// to 1 whatever the grid, so grids of other sizes keep their meaning.
final class PatchPositions {
    /// Waves along one side of the image: of the coarsest and of the finest pair of values.
    private static final double COARSEST = 0.25;

    private static final double FINEST = 8;

    private PatchPositions() {}

    /// The codes of a grid: the first half of each vector tells the row, the second the column.
    ///
    /// @param width a multiple of 4
    /// @param like gives the format and the device
    /// @return `[rows * columns, width]`; belongs to the caller's pointer scope
    static Tensor of(int rows, int columns, int width, Tensor like) {
        int half = width / 2;
        Tensor byRow = codes(rows, half).view(rows, 1, half).expand(rows, columns, half);
        Tensor byColumn = codes(columns, half).view(1, columns, half).expand(rows, columns, half);
        Tensor both = torch.cat(new TensorVector(byRow, byColumn), 2);
        return both.view((long) rows * columns, width).to(like.device(), like.scalar_type());
    }

    private static Tensor codes(int count, int width) {
        float[] codes = new float[count * width];
        int pairs = width / 2;
        for (int i = 0; i < count; i++) {
            double position = (i + 0.5) / count;
            for (int k = 0; k < pairs; k++) {
                double waves = COARSEST * Math.pow(FINEST / COARSEST, pairs == 1 ? 0 : (double) k / (pairs - 1));
                double angle = 2 * Math.PI * waves * position;
                codes[i * width + 2 * k] = (float) Math.sin(angle);
                codes[i * width + 2 * k + 1] = (float) Math.cos(angle);
            }
        }
        return torch.from_blob(new FloatPointer(codes), count, width);
    }
}
