package org.terrachange.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Conversion between the four floating-point formats of a checkpoint, by way of `float`.
final class FloatFormat {
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort BITS16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FloatFormat() {}

    /// Reads `count` elements of `data` from element `first` on. An `F64` beyond the range of `float` becomes
    /// infinite.
    static void read(ElementType type, MemorySegment data, long first, float[] out, int count) {
        switch (type) {
            case F32 -> MemorySegment.copy(data, F32, first * 4, out, 0, count);
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = (float) data.get(F64, (first + i) * 8);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float.float16ToFloat(data.get(BITS16, (first + i) * 2));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float.intBitsToFloat(data.get(BITS16, (first + i) * 2) << 16);
                }
            }
            case I64, I32, I16, I8, U8, BOOL -> throw notFloating(type);
        }
    }

    /// Writes the first `count` elements of `values`, rounded to the nearest, ties to even.
    static void write(ElementType type, float[] values, int count, MemorySegment out) {
        switch (type) {
            case F32 -> MemorySegment.copy(values, 0, out, F32, 0, count);
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    out.set(F64, i * 8L, values[i]);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    out.set(BITS16, i * 2L, Float.floatToFloat16(values[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    out.set(BITS16, i * 2L, toBfloat16(values[i]));
                }
            }
            case I64, I32, I16, I8, U8, BOOL -> throw notFloating(type);
        }
    }

    /// One element, exactly.
    static double value(ElementType type, MemorySegment data, long index) {
        return switch (type) {
            case F64 -> data.get(F64, index * 8);
            case F32 -> data.get(F32, index * 4);
            case F16 -> Float.float16ToFloat(data.get(BITS16, index * 2));
            case BF16 -> Float.intBitsToFloat(data.get(BITS16, index * 2) << 16);
            case I64, I32, I16, I8, U8, BOOL -> throw notFloating(type);
        };
    }

    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // Rounding could carry a NaN's payload into the exponent and make it infinite or zero.
            return (short) ((bits >>> 16) | 0x40);
        }
        int halfMinusOnePlusOdd = 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + halfMinusOnePlusOdd) >>> 16);
    }

    private static IllegalArgumentException notFloating(ElementType type) {
        return new IllegalArgumentException(type + " is not a floating-point type");
    }
}
