package org.terrachange.nn.text;

import java.util.Arrays;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.tensor.Device;

/// Token ids of several texts, one text a row, shorter ones filled up with zeros.
///
/// @param ids row after row, `rows * length` of them; not copied
/// @param rows number of texts
/// @param length tokens of a row
public record TokenBatch(long[] ids, int rows, int length) {
    public TokenBatch {
        if (rows < 1 || length < 1 || ids.length != (long) rows * length) {
            throw new IllegalArgumentException(ids.length + " ids are not " + rows + " rows of " + length);
        }
    }

    /// The same texts in longer rows.
    public TokenBatch padded(int longer) {
        if (longer < length) {
            throw new IllegalArgumentException("rows of " + length + " tokens do not fit " + longer);
        }
        long[] wider = new long[Math.multiplyExact(rows, longer)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(ids, row * length, wider, row * longer, length);
        }
        return new TokenBatch(wider, rows, longer);
    }

    /// `[rows, length]`, 64-bit integers; belongs to the caller's pointer scope.
    public Tensor toTensor(Device device) {
        Tensor view =
                torch.from_blob(new LongPointer(ids), new long[] {rows, length}, new TensorOptions(ScalarType.Long));
        // The blob's memory goes with its pointer; the copy is the tensor's own.
        return device.of(view.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenBatch(long[] otherIds, int otherRows, int otherLength)
                && rows == otherRows
                && length == otherLength
                && Arrays.equals(ids, otherIds);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + length;
    }

    @Override
    public String toString() {
        return rows + " texts of up to " + length + " tokens";
    }
}
