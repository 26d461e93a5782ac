package org.terrachange.raster.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.terrachange.raster.RasterException;

/// Turns the differences that some compressed blocks hold back into samples.
enum PredictorDecoder {
    /// Samples stand as they are.
    NONE,
    /// Each sample is stored as the difference from its left neighbour of the same band (TIFF 6.0, section 14).
    HORIZONTAL,
    /// The bytes of a row of floats, grouped by significance and then differenced (TIFF Technical Note 3).
    FLOATING_POINT;

    /// The predictor of a directory.
    static PredictorDecoder of(Directory directory, BlockCodec codec, ImageLayout layout) throws RasterException {
        long code = codec.usesPredictor() ? directory.number(Directory.PREDICTOR, 1) : 1;
        int bits = layout.bits();
        if (code == 1) {
            return NONE;
        }
        if (code == 2 && (bits == 8 || bits == 16 || bits == 32 || bits == 64)) {
            return HORIZONTAL;
        }
        if (code == 3 && layout.type().isFloating()) {
            return FLOATING_POINT;
        }
        throw directory
                .file()
                .unsupported(
                        "uses predictor " + code + " with " + layout.type().label() + " samples of " + bits + " bits");
    }

    /// Restores the samples of a block in place.
    ///
    /// @param block whole rows of samples in the byte order `order`
    /// @param rowBytes bytes of one row
    /// @param bits bits of one sample
    /// @param stride samples from one pixel to the next
    void restore(byte[] block, int rowBytes, int bits, int stride, ByteOrder order) {
        switch (this) {
            case NONE -> {}
            case HORIZONTAL -> {
                ByteBuffer samples = ByteBuffer.wrap(block).order(order);
                for (int row = 0; row < block.length; row += rowBytes) {
                    if (bits == 8 && stride == 3) {
                        accumulateTriples(block, row, rowBytes);
                    } else if (bits == 8) {
                        accumulateBytes(block, row, rowBytes, stride);
                    } else {
                        accumulate(samples, row, rowBytes, bits / 8, stride);
                    }
                }
            }
            case FLOATING_POINT -> {
                var planes = new byte[rowBytes];
                for (int row = 0; row < block.length; row += rowBytes) {
                    interleave(block, row, planes, bits / 8, stride, order);
                }
            }
        }
    }

    private static void accumulateBytes(byte[] samples, int row, int rowBytes, int stride) {
        for (int i = row + stride; i < row + rowBytes; i++) {
            samples[i] += samples[i - stride];
        }
    }

    /// The common case of 8-bit colours, whose sums stay in registers.
    private static void accumulateTriples(byte[] samples, int row, int rowBytes) {
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int i = row; i < row + rowBytes; i += 3) {
            red += samples[i];
            green += samples[i + 1];
            blue += samples[i + 2];
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
    }

    private static void accumulate(ByteBuffer samples, int row, int rowBytes, int bytes, int stride) {
        int end = row + rowBytes;
        int back = stride * bytes;
        switch (bytes) {
            case 2 -> {
                for (int i = row + back; i < end; i += 2) {
                    samples.putShort(i, (short) (samples.getShort(i) + samples.getShort(i - back)));
                }
            }
            case 4 -> {
                for (int i = row + back; i < end; i += 4) {
                    samples.putInt(i, samples.getInt(i) + samples.getInt(i - back));
                }
            }
            case 8 -> {
                for (int i = row + back; i < end; i += 8) {
                    samples.putLong(i, samples.getLong(i) + samples.getLong(i - back));
                }
            }
            default -> throw new IllegalArgumentException("no predictor is defined for samples of " + bytes + " bytes");
        }
    }

    /// The stored row holds the most significant bytes of all samples first, whatever the byte order of the file.
    private static void interleave(byte[] block, int row, byte[] planes, int bytes, int stride, ByteOrder order) {
        System.arraycopy(block, row, planes, 0, planes.length);
        for (int i = stride; i < planes.length; i++) {
            planes[i] += planes[i - stride];
        }
        int count = planes.length / bytes;
        for (int plane = 0; plane < bytes; plane++) {
            int target = order == ByteOrder.BIG_ENDIAN ? plane : bytes - 1 - plane;
            for (int sample = 0; sample < count; sample++) {
                block[row + sample * bytes + target] = planes[plane * count + sample];
            }
        }
    }
}
