package org.terrachange.raster.tiff;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

/// The samples of one strip or tile, decompressed, in the byte order of the file.
final class DecodedBlock {
    private static final int[] FIRST_THREE = {0, 1, 2};

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long BYTES_0_3_6 = 0x00ff_0000_ff00_00ffL;
    private static final long BYTES_1_4_7 = 0xff00_00ff_0000_ff00L;
    private static final long BYTES_2_5 = 0x0000_ff00_00ff_0000L;

    /// Elsewhere [Long#compress] is a hundred times slower.
    private static final boolean GATHERS_BITS = System.getProperty("os.arch").equals("amd64");

    private final Window area;
    private final SampleType type;
    private final int stride;
    private final byte[] samples;
    private final ByteOrder order;

    /// How many reads copy from the block, and whether the cache holds it: both belong to the [BlockCache].
    int users;

    boolean cached;

    /// @param area the pixels of the image that the block covers, padding included
    /// @param stride samples from one pixel to the next
    /// @param samples row-major samples of `area`
    DecodedBlock(Window area, SampleType type, int stride, byte[] samples, ByteOrder order) {
        this.area = area;
        this.type = type;
        this.stride = stride;
        this.samples = samples;
        this.order = order;
    }

    /// The array itself, for the next block once nobody uses this one.
    byte[] samples() {
        return samples;
    }

    /// Bytes that the block holds in memory.
    int bytes() {
        return samples.length;
    }

    /// Copies the pixels that this block shares with `target` into some of its bands.
    ///
    /// @param band the band of the target that takes the first of the samples; the others follow
    /// @param chosen which of the samples of a pixel, each below the stride
    void copyTo(PixelBlock target, int band, int... chosen) {
        Window shared = area.intersection(target.window());
        if (type.bytes() == 1 && stride == 3 && Arrays.equals(chosen, FIRST_THREE)) {
            copyTriples(shared, target, band);
        } else {
            for (int i = 0; i < chosen.length; i++) {
                copySample(shared, target, band + i, chosen[i]);
            }
        }
    }

    /// The common case of 8-bit colours, in one pass.
    private void copyTriples(Window shared, PixelBlock target, int band) {
        byte[] red = target.bytes(band);
        byte[] green = target.bytes(band + 1);
        byte[] blue = target.bytes(band + 2);
        for (int y = shared.y(); y < shared.bottom(); y++) {
            int from = ((y - area.y()) * area.width() + shared.x() - area.x()) * 3;
            int to = (y - target.window().y()) * target.window().width()
                    + shared.x()
                    - target.window().x();
            split(samples, from, red, green, blue, to, shared.width());
        }
    }

    /// Eight pixels at a time where the processor gathers bits in one step: three words in, one out for each band.
    private static void split(byte[] samples, int from, byte[] red, byte[] green, byte[] blue, int to, int count) {
        int i = 0;
        for (; GATHERS_BITS && i + 8 <= count; i += 8) {
            long first = (long) LONG.get(samples, from + 3 * i);
            long second = (long) LONG.get(samples, from + 3 * i + 8);
            long third = (long) LONG.get(samples, from + 3 * i + 16);
            LONG.set(
                    red,
                    to + i,
                    Long.compress(first, BYTES_0_3_6)
                            | Long.compress(second, BYTES_1_4_7) << 24
                            | Long.compress(third, BYTES_2_5) << 48);
            LONG.set(
                    green,
                    to + i,
                    Long.compress(first, BYTES_1_4_7)
                            | Long.compress(second, BYTES_2_5) << 24
                            | Long.compress(third, BYTES_0_3_6) << 40);
            LONG.set(
                    blue,
                    to + i,
                    Long.compress(first, BYTES_2_5)
                            | Long.compress(second, BYTES_0_3_6) << 16
                            | Long.compress(third, BYTES_1_4_7) << 40);
        }
        for (; i < count; i++) {
            red[to + i] = samples[from + 3 * i];
            green[to + i] = samples[from + 3 * i + 1];
            blue[to + i] = samples[from + 3 * i + 2];
        }
    }

    private void copySample(Window shared, PixelBlock target, int band, int sample) {
        for (int y = shared.y(); y < shared.bottom(); y++) {
            long first = (long) (y - area.y()) * area.width() + shared.x() - area.x();
            int from = (int) (first * stride + sample) * type.bytes();
            int to = (y - target.window().y()) * target.window().width()
                    + shared.x()
                    - target.window().x();
            if (stride == 1) {
                copyRun(from, target, band, to, shared.width());
            } else {
                copySpaced(from, target, band, to, shared.width());
            }
        }
    }

    private void copyRun(int from, PixelBlock target, int band, int to, int count) {
        MemorySegment bytes = MemorySegment.ofArray(samples);
        switch (type) {
            case UINT8, INT8 -> System.arraycopy(samples, from, target.bytes(band), to, count);
            case UINT16, INT16 ->
                MemorySegment.copy(
                        bytes, ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), from, target.shorts(band), to, count);
            case UINT32, INT32 ->
                MemorySegment.copy(
                        bytes, ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), from, target.ints(band), to, count);
            case UINT64, INT64 ->
                MemorySegment.copy(
                        bytes, ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), from, target.longs(band), to, count);
            case FLOAT32 ->
                MemorySegment.copy(
                        bytes, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), from, target.floats(band), to, count);
            case FLOAT64 ->
                MemorySegment.copy(
                        bytes,
                        ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order),
                        from,
                        target.doubles(band),
                        to,
                        count);
        }
    }

    private void copySpaced(int from, PixelBlock target, int band, int to, int count) {
        ByteBuffer bytes = ByteBuffer.wrap(samples).order(order);
        int step = stride * type.bytes();
        switch (type) {
            case UINT8, INT8 -> {
                byte[] row = target.bytes(band);
                for (int i = 0, at = from; i < count; i++, at += step) {
                    row[to + i] = samples[at];
                }
            }
            case UINT16, INT16 -> {
                short[] row = target.shorts(band);
                for (int i = 0, at = from; i < count; i++, at += step) {
                    row[to + i] = bytes.getShort(at);
                }
            }
            case UINT32, INT32 -> {
                int[] row = target.ints(band);
                for (int i = 0, at = from; i < count; i++, at += step) {
                    row[to + i] = bytes.getInt(at);
                }
            }
            case UINT64, INT64 -> {
                long[] row = target.longs(band);
                for (int i = 0, at = from; i < count; i++, at += step) {
                    row[to + i] = bytes.getLong(at);
                }
            }
            case FLOAT32 -> {
                float[] row = target.floats(band);
                for (int i = 0, at = from; i < count; i++, at += step) {
                    row[to + i] = bytes.getFloat(at);
                }
            }
            case FLOAT64 -> {
                double[] row = target.doubles(band);
                for (int i = 0, at = from; i < count; i++, at += step) {
                    row[to + i] = bytes.getDouble(at);
                }
            }
        }
    }
}
