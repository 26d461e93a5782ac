package org.terrachange.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;

/// An array of numbers in host memory: little-endian, contiguous, row-major (last dimension fastest).
///
/// The memory is not copied and is read-only here. It belongs to whoever made the tensor; that of a checkpoint
/// file is released by [StateDict#close()], after which reading it throws `IllegalStateException`.
///
/// @param shape sizes of the dimensions, outermost first; empty for a single number
/// @param data exactly the product of `shape` times [ElementType#bytes()] bytes, at any alignment
public record HostTensor(ElementType type, List<Long> shape, MemorySegment data) {
    public HostTensor {
        shape = List.copyOf(shape);
        long bytes = byteSize(type, shape);
        if (bytes != data.byteSize()) {
            throw new IllegalArgumentException(
                    type + " " + shape + " takes " + bytes + " bytes, not " + data.byteSize());
        }
        data = data.asReadOnly();
    }

    /// An `F32` tensor over a copy of `values`.
    public static HostTensor ofFloats(float[] values, long... shape) {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
        MemorySegment data = MemorySegment.ofArray(bytes);
        FloatFormat.write(ElementType.F32, values, values.length, data);
        return new HostTensor(ElementType.F32, LongStream.of(shape).boxed().toList(), data);
    }

    /// An `I64` tensor over a copy of `values`.
    public static HostTensor ofLongs(long[] values, long... shape) {
        MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Long.BYTES)]);
        MemorySegment.copy(
                values, 0, data, ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, values.length);
        return new HostTensor(ElementType.I64, LongStream.of(shape).boxed().toList(), data);
    }

    /// Bytes that a tensor of this type and shape takes.
    ///
    /// @throws IllegalArgumentException where a size is negative or the product passes 2^63
    public static long byteSize(ElementType type, List<Long> shape) {
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("the shape " + shape + " has a negative size");
            }
        }
        // Multiplied in order, [2^62, 2^62, 0] would overflow although the tensor is empty.
        if (shape.contains(0L)) {
            return 0;
        }
        long bytes = type.bytes();
        try {
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException _) {
            throw new IllegalArgumentException("the shape " + shape + " is too large");
        }
        return bytes;
    }

    /// Numbers in the tensor: 1 for an empty shape.
    public long elements() {
        return data.byteSize() / type.bytes();
    }

    /// The elements of a floating-point tensor as 32-bit floats, in row-major order. `F16` and `BF16` convert
    /// exactly, `F64` is rounded to the nearest.
    ///
    /// @throws IllegalArgumentException for a tensor of integers, or one of more elements than a Java array holds
    public float[] toFloats() {
        if (!type.isFloating()) {
            throw new IllegalArgumentException("a tensor of " + type + " does not hold floating-point numbers");
        }
        if (elements() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a tensor of " + elements() + " elements does not fit one Java array");
        }
        float[] values = new float[(int) elements()];
        FloatFormat.read(type, data, 0, values, values.length);
        return values;
    }
}
