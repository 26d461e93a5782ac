package org.terrachange.nn.transformer;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/// The sizes of tensors, written out for messages.
public final class Shapes {
    private Shapes() {}

    /// Such as `[2, 50, 768]`.
    public static String of(Tensor tensor) {
        return LongStream.range(0, tensor.dim())
                .mapToObj(i -> Long.toString(tensor.size(i)))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
