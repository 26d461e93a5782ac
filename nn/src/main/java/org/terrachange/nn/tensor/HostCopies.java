package org.terrachange.nn.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.checkpoint.HostTensor;

/// Moves float32 values between libtorch and host arrays.
public final class HostCopies {
    private HostCopies() {}

    /// A copy of a tensor.
    ///
    /// @param tensor float32, any shape
    public static HostTensor toHost(Tensor tensor) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor contiguous = tensor.detach().to(torch.ScalarType.Float).cpu().contiguous();
            long[] shape = shape(contiguous);
            float[] values = new float[Math.toIntExact(contiguous.numel())];
            if (values.length > 0) {
                contiguous.data_ptr_float().get(values);
            }
            return HostTensor.ofFloats(values, shape);
        }
    }

    /// A tensor with the values of a host array, converted to float32; belongs to the caller's pointer scope.
    public static Tensor toTensor(HostTensor values) {
        long[] shape = values.shape().stream().mapToLong(Long::longValue).toArray();
        float[] floats = values.toFloats();
        return floats.length == 0 ? torch.zeros(shape) : torch.from_blob(new FloatPointer(floats), shape);
    }

    /// Overwrites a tensor.
    ///
    /// @param values as many as `tensor` has, row-major
    public static void fill(Tensor tensor, float[] values) {
        if (values.length != tensor.numel()) {
            throw new IllegalArgumentException(
                    "a tensor of " + tensor.numel() + " values cannot take " + values.length);
        }
        if (values.length == 0) {
            return;
        }
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            tensor.view(-1).copy_(torch.from_blob(new FloatPointer(values), (long) values.length));
        }
    }

    private static long[] shape(Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }
}
