package org.terrachange.raster.tiff;

/// The value types of a directory entry (TIFF 6.0, section 2; 13 and 16 to 18 from BigTIFF).
enum FieldType {
    BYTE(1, 1),
    ASCII(2, 1),
    SHORT(3, 2),
    LONG(4, 4),
    RATIONAL(5, 8),
    SBYTE(6, 1),
    UNDEFINED(7, 1),
    SSHORT(8, 2),
    SLONG(9, 4),
    SRATIONAL(10, 8),
    FLOAT(11, 4),
    DOUBLE(12, 8),
    IFD(13, 4),
    LONG8(16, 8),
    SLONG8(17, 8),
    IFD8(18, 8);

    private static final FieldType[] TYPES = values();

    private final int code;
    private final int bytes;

    FieldType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /// Bytes of one value.
    int bytes() {
        return bytes;
    }

    /// Whether a type with this code is known; readers skip entries of other types.
    static boolean isKnown(int code) {
        for (FieldType type : TYPES) {
            if (type.code == code) {
                return true;
            }
        }
        return false;
    }

    /// The type with a known code.
    static FieldType of(int code) {
        for (FieldType type : TYPES) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("no TIFF field type has the code " + code);
    }
}
