package org.terrachange.raster.cog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;

/// Samples in rows of bytes as a TIFF stores them: little-endian, the bands of a pixel together.
///
/// @param type number format of all samples
/// @param bands samples of a pixel
record SampleAccess(SampleType type, int bands) {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    /// Copies one row of a block.
    ///
    /// @param y row of the block, from 0
    /// @param row with room for all bands of all columns
    void gather(PixelBlock block, int y, byte[] row) {
        int width = block.window().width();
        int from = y * width;
        for (int band = 0; band < bands; band++) {
            switch (type) {
                case UINT8, INT8 -> {
                    byte[] samples = block.bytes(band);
                    if (bands == 1) {
                        System.arraycopy(samples, from, row, 0, width);
                    } else {
                        for (int x = 0, to = band; x < width; x++, to += bands) {
                            row[to] = samples[from + x];
                        }
                    }
                }
                case UINT16, INT16 -> {
                    short[] samples = block.shorts(band);
                    for (int x = 0, to = 2 * band; x < width; x++, to += 2 * bands) {
                        SHORTS.set(row, to, samples[from + x]);
                    }
                }
                case UINT32, INT32 -> {
                    int[] samples = block.ints(band);
                    for (int x = 0, to = 4 * band; x < width; x++, to += 4 * bands) {
                        INTS.set(row, to, samples[from + x]);
                    }
                }
                case FLOAT32 -> {
                    float[] samples = block.floats(band);
                    for (int x = 0, to = 4 * band; x < width; x++, to += 4 * bands) {
                        FLOATS.set(row, to, samples[from + x]);
                    }
                }
                case FLOAT64 -> {
                    double[] samples = block.doubles(band);
                    for (int x = 0, to = 8 * band; x < width; x++, to += 8 * bands) {
                        DOUBLES.set(row, to, samples[from + x]);
                    }
                }
                case UINT64, INT64 -> throw new IllegalStateException("refused by CogOptions");
            }
        }
    }

    /// One sample as a number.
    ///
    /// @param sample position in the row, counted in samples
    double get(byte[] row, int sample) {
        return switch (type) {
            case UINT8 -> row[sample] & 0xff;
            case INT8 -> row[sample];
            case UINT16 -> (short) SHORTS.get(row, 2 * sample) & 0xffff;
            case INT16 -> (short) SHORTS.get(row, 2 * sample);
            case UINT32 -> (int) INTS.get(row, 4 * sample) & 0xffffffffL;
            case INT32 -> (int) INTS.get(row, 4 * sample);
            case FLOAT32 -> (float) FLOATS.get(row, 4 * sample);
            case FLOAT64 -> (double) DOUBLES.get(row, 8 * sample);
            case UINT64, INT64 -> throw new IllegalStateException("refused by CogOptions");
        };
    }

    /// Stores a number as a sample, integers rounded half up.
    void put(byte[] row, int sample, double value) {
        switch (type) {
            case UINT8, INT8 -> row[sample] = (byte) (long) Math.floor(value + 0.5);
            case UINT16, INT16 -> SHORTS.set(row, 2 * sample, (short) (long) Math.floor(value + 0.5));
            case UINT32, INT32 -> INTS.set(row, 4 * sample, (int) (long) Math.floor(value + 0.5));
            case FLOAT32 -> FLOATS.set(row, 4 * sample, (float) value);
            case FLOAT64 -> DOUBLES.set(row, 8 * sample, value);
            case UINT64, INT64 -> throw new IllegalStateException("refused by CogOptions");
        }
    }
}
