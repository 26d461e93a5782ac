package org.terrachange.data.captions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The connected patches of a mask.
final class MaskPatches {
    /// What a filled rectangle, however it is turned, has of its own moments; L-shaped roofs have about 0.75.
    private static final double SINGLE_FILL = 0.78;
    /// Below this a patch is too coarse for its shape to tell anything.
    private static final int SHAPELESS_PIXELS = 60;

    private MaskPatches() {}

    /// One 8-connected patch.
    ///
    /// @param pixels row-major positions
    /// @param left first column
    /// @param top first row
    /// @param right last column
    /// @param bottom last row
    /// @param compact whether it fills a rectangle, as one building does
    record Patch(int[] pixels, int left, int top, int right, int bottom, boolean compact) {}

    /// All patches of at least `least` pixels, in the order of their first pixels.
    ///
    /// @param mask one byte a pixel, 0 outside
    static List<Patch> of(byte[] mask, int width, int height, int least) {
        List<Patch> patches = new ArrayList<>();
        boolean[] seen = new boolean[mask.length];
        int[] queue = new int[mask.length];
        for (int start = 0; start < mask.length; start++) {
            if (mask[start] == 0 || seen[start]) {
                continue;
            }
            int count = 0;
            queue[count++] = start;
            seen[start] = true;
            for (int at = 0; at < count; at++) {
                int x = queue[at] % width;
                int y = queue[at] / width;
                for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
                    for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
                        int near = v * width + u;
                        if (mask[near] != 0 && !seen[near]) {
                            seen[near] = true;
                            queue[count++] = near;
                        }
                    }
                }
            }
            if (count >= least) {
                patches.add(measured(Arrays.copyOf(queue, count), width));
            }
        }
        return patches;
    }

    private static Patch measured(int[] pixels, int width) {
        int left = Integer.MAX_VALUE;
        int top = Integer.MAX_VALUE;
        int right = 0;
        int bottom = 0;
        double sumX = 0;
        double sumY = 0;
        for (int pixel : pixels) {
            int x = pixel % width;
            int y = pixel / width;
            left = Math.min(left, x);
            right = Math.max(right, x);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
            sumX += x;
            sumY += y;
        }
        double xx = 1.0 / 12;
        double yy = 1.0 / 12;
        double xy = 0;
        for (int pixel : pixels) {
            int x = pixel % width;
            int y = pixel / width;
            double dx = x - sumX / pixels.length;
            double dy = y - sumY / pixels.length;
            xx += dx * dx / pixels.length;
            yy += dy * dy / pixels.length;
            xy += dx * dy / pixels.length;
        }
        // A filled rectangle a by b has variances a^2 / 12 and b^2 / 12 along its axes.
        double rectangle = 12 * Math.sqrt(Math.max(xx * yy - xy * xy, 1e-9));
        boolean compact = pixels.length < SHAPELESS_PIXELS || pixels.length / rectangle > SINGLE_FILL;
        return new Patch(pixels, left, top, right, bottom, compact);
    }
}
