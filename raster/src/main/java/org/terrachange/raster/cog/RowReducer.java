package org.terrachange.raster.cog;

import java.util.OptionalDouble;
import org.terrachange.raster.SampleType;

/// Makes a row of an overview from two rows of the next larger level. Bytes, of which imagery and masks
/// consist, have paths of their own; other types go through `double`.
///
/// Where there is only one row or column left, it stands in for the missing one, which changes neither a mean
/// nor the commonest value.
///
/// All rows are laid out as [SampleAccess] says.
final class RowReducer {
    private static final int NO_BYTE = -1;

    private final Resampling resampling;
    private final SampleAccess samples;
    private final OptionalDouble nodata;
    private final int pixelBytes;
    private final int bands;

    RowReducer(CogOptions options) {
        this.resampling = options.resampling();
        this.samples = new SampleAccess(options.type(), options.bands());
        this.nodata = options.nodata();
        this.pixelBytes = options.pixelBytes();
        this.bands = options.bands();
    }

    /// @param upper a row of `width` pixels
    /// @param lower the row below, or `upper` again if there is none
    /// @param out room for half as many pixels, rounded up
    void reduce(byte[] upper, byte[] lower, int width, byte[] out) {
        boolean bytes = samples.type() == SampleType.UINT8;
        switch (resampling) {
            case NEAREST -> nearest(upper, width, out);
            case AVERAGE -> {
                if (bytes && nodata.isEmpty()) {
                    averageBytes(upper, lower, width, out);
                } else if (bytes) {
                    averageValidBytes(upper, lower, width, out, (int) nodata.getAsDouble());
                } else {
                    general(upper, lower, width, out);
                }
            }
            case MODE -> {
                if (bytes) {
                    modeOfBytes(upper, lower, width, out, nodata.isPresent() ? (int) nodata.getAsDouble() : NO_BYTE);
                } else {
                    general(upper, lower, width, out);
                }
            }
        }
    }

    private void nearest(byte[] upper, int width, byte[] out) {
        for (int x = 0; x < width; x += 2) {
            System.arraycopy(upper, x * pixelBytes, out, x / 2 * pixelBytes, pixelBytes);
        }
    }

    /// From a pixel to its right neighbour, or to itself in the last column of an odd width.
    private int right(int x, int width) {
        return x + 1 < width ? bands : 0;
    }

    private void averageBytes(byte[] upper, byte[] lower, int width, byte[] out) {
        int to = 0;
        for (int x = 0; x < width; x += 2) {
            int right = right(x, width);
            for (int left = x * bands; left < (x + 1) * bands; left++) {
                int sum = (upper[left] & 0xff)
                        + (upper[left + right] & 0xff)
                        + (lower[left] & 0xff)
                        + (lower[left + right] & 0xff);
                out[to++] = (byte) (sum + 2 >> 2);
            }
        }
    }

    private void averageValidBytes(byte[] upper, byte[] lower, int width, byte[] out, int missing) {
        int to = 0;
        for (int x = 0; x < width; x += 2) {
            int right = right(x, width);
            for (int left = x * bands; left < (x + 1) * bands; left++) {
                int a = upper[left] & 0xff;
                int b = upper[left + right] & 0xff;
                int c = lower[left] & 0xff;
                int d = lower[left + right] & 0xff;
                int valid = (a == missing ? 0 : 1)
                        + (b == missing ? 0 : 1)
                        + (c == missing ? 0 : 1)
                        + (d == missing ? 0 : 1);
                int sum = a + b + c + d - (4 - valid) * missing;
                out[to++] = (byte) (valid == 0 ? missing : (2 * sum + valid) / (2 * valid));
            }
        }
    }

    private void modeOfBytes(byte[] upper, byte[] lower, int width, byte[] out, int missing) {
        int to = 0;
        for (int x = 0; x < width; x += 2) {
            int right = right(x, width);
            for (int left = x * bands; left < (x + 1) * bands; left++) {
                byte a = upper[left];
                byte b = upper[left + right];
                byte c = lower[left];
                byte d = lower[left + right];
                out[to++] = a == b && b == c && c == d ? a : mode(a & 0xff, b & 0xff, c & 0xff, d & 0xff, missing);
            }
        }
    }

    private static byte mode(int a, int b, int c, int d, int missing) {
        int countA = a == missing ? 0 : 1 + same(a, b) + same(a, c) + same(a, d);
        int countB = b == missing ? 0 : 1 + same(b, c) + same(b, d);
        int countC = c == missing ? 0 : 1 + same(c, d);
        int countD = d == missing ? 0 : 1;
        int most = Math.max(Math.max(countA, countB), Math.max(countC, countD));
        if (most == countA) {
            return (byte) a;
        }
        return (byte) (most == countB ? b : most == countC ? c : d);
    }

    private static int same(int one, int other) {
        return one == other ? 1 : 0;
    }

    private void general(byte[] upper, byte[] lower, int width, byte[] out) {
        double[] under = new double[4];
        int to = 0;
        for (int x = 0; x < width; x += 2) {
            int right = right(x, width);
            for (int left = x * bands; left < (x + 1) * bands; left++) {
                under[0] = samples.get(upper, left);
                under[1] = samples.get(upper, left + right);
                under[2] = samples.get(lower, left);
                under[3] = samples.get(lower, left + right);
                samples.put(out, to++, resampling.reduce(under, nodata));
            }
        }
    }
}
