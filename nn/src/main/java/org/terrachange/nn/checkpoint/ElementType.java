package org.terrachange.nn.checkpoint;

/// The number format of one element, named as safetensors names it. All are little-endian in memory.
public enum ElementType {
    F64(8, true),
    F32(4, true),
    /// IEEE 754 half precision.
    F16(2, true),
    /// The upper half of an `F32`: its range, with 8 bits of precision.
    BF16(2, true),
    I64(8, false),
    I32(4, false),
    I16(2, false),
    I8(1, false),
    U8(1, false),
    /// One byte, 0 or 1.
    BOOL(1, false);

    private final int bytes;
    private final boolean floating;

    ElementType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /// Bytes an element takes.
    public int bytes() {
        return bytes;
    }

    /// Whether elements have fractions.
    public boolean isFloating() {
        return floating;
    }
}
