package org.terrachange.nn.tensor;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The number format that layers compute in. Parameters are always kept in float32; activations and the copies of
/// weights that a layer uses take this format.
public enum Precision {
    /// IEEE 754 single precision.
    FP32(ScalarType.Float),
    /// bfloat16: the range of float32 with 8 bits of mantissa, twice to four times as fast where the hardware
    /// has it.
    BF16(ScalarType.BFloat16);

    private final ScalarType scalarType;

    Precision(ScalarType scalarType) {
        this.scalarType = scalarType;
    }

    public ScalarType scalarType() {
        return scalarType;
    }

    /// The format named `fp32` or `bf16`; `auto` is [#best].
    ///
    /// @throws IllegalArgumentException for any other name
    public static Precision parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "fp32", "float32" -> FP32;
            case "bf16", "bfloat16" -> BF16;
            case "auto" -> best();
            default ->
                throw new IllegalArgumentException("unknown precision \"" + name + "\": choose auto, fp32 or bf16");
        };
    }

    /// bf16 where the processor multiplies it natively (AVX-512 BF16 or AMX), else fp32: emulated bf16 is
    /// slower than fp32 on everything older.
    public static Precision best() {
        return Processor.multipliesBfloat16() ? BF16 : FP32;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
