package org.terrachange.raster;

/// The samples of one window, band by band, in their own number format.
///
/// Each band is one row-major array of `window.width() * window.height()` samples: `byte[]` for the 8-bit types,
/// `short[]`, `int[]`, `long[]`, `float[]` or `double[]` for the others. Unsigned types keep their bit pattern in the
/// array;
/// [#value] returns them unsigned. The arrays are not copied: whoever makes a block hands them over.
public final class PixelBlock {
    private final Window window;
    private final SampleType type;
    private final Object[] bands;

    private PixelBlock(Window window, SampleType type, Object[] bands) {
        this.window = window;
        this.type = type;
        this.bands = bands;
    }

    /// A block of zeros.
    public static PixelBlock allocate(Window window, SampleType type, int bands) {
        long area = window.area();
        if (area > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a window of " + window + " is too large for one block of pixels");
        }
        Object[] arrays = new Object[bands];
        for (int i = 0; i < bands; i++) {
            arrays[i] = switch (type) {
                case UINT8, INT8 -> new byte[(int) area];
                case UINT16, INT16 -> new short[(int) area];
                case UINT32, INT32 -> new int[(int) area];
                case UINT64, INT64 -> new long[(int) area];
                case FLOAT32 -> new float[(int) area];
                case FLOAT64 -> new double[(int) area];
            };
        }
        return new PixelBlock(window, type, arrays);
    }

    /// A block over bands of unsigned bytes.
    public static PixelBlock ofBytes(Window window, byte[]... bands) {
        return checked(
                window,
                SampleType.UINT8,
                bands.clone(),
                java.util.Arrays.stream(bands).mapToInt(b -> b.length));
    }

    /// A block over bands of 32-bit floats.
    public static PixelBlock ofFloats(Window window, float[]... bands) {
        return checked(
                window,
                SampleType.FLOAT32,
                bands.clone(),
                java.util.Arrays.stream(bands).mapToInt(b -> b.length));
    }

    private static PixelBlock checked(
            Window window, SampleType type, Object[] bands, java.util.stream.IntStream lengths) {
        lengths.forEach(length -> {
            if (length != window.area()) {
                throw new IllegalArgumentException(
                        "a band of " + length + " samples does not fill a window of " + window);
            }
        });
        return new PixelBlock(window, type, bands);
    }

    public Window window() {
        return window;
    }

    public SampleType type() {
        return type;
    }

    public int bands() {
        return bands.length;
    }

    /// The samples of a band of an 8-bit type.
    public byte[] bytes(int band) {
        return (byte[]) bands[band];
    }

    /// The samples of a band of a 16-bit type.
    public short[] shorts(int band) {
        return (short[]) bands[band];
    }

    /// The samples of a band of a 32-bit integer type.
    public int[] ints(int band) {
        return (int[]) bands[band];
    }

    /// The samples of a band of a 64-bit integer type.
    public long[] longs(int band) {
        return (long[]) bands[band];
    }

    /// The samples of a `FLOAT32` band.
    public float[] floats(int band) {
        return (float[]) bands[band];
    }

    /// The samples of a `FLOAT64` band.
    public double[] doubles(int band) {
        return (double[]) bands[band];
    }

    /// One sample as a number, unsigned types unsigned; 64-bit integers to the 53 bits that a `double` holds.
    ///
    /// @param index row-major position inside the window
    public double value(int band, int index) {
        return switch (type) {
            case UINT8 -> bytes(band)[index] & 0xff;
            case INT8 -> bytes(band)[index];
            case UINT16 -> shorts(band)[index] & 0xffff;
            case INT16 -> shorts(band)[index];
            case UINT32 -> ints(band)[index] & 0xffffffffL;
            case INT32 -> ints(band)[index];
            case UINT64 -> unsigned(longs(band)[index]);
            case INT64 -> longs(band)[index];
            case FLOAT32 -> floats(band)[index];
            case FLOAT64 -> doubles(band)[index];
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }
}
