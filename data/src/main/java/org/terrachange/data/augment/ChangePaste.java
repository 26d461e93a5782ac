package org.terrachange.data.augment;

/// Lays what changed in one crop onto one date of another: copy-paste (Ghiasi et al. 2021), whose use for change
/// between two dates is that of Self-Pair (Seo et al. 2023). Pairs with change are few; every building that appeared
/// can appear on any other ground too.
///
/// A margin about each changed region comes along, with its shadow and the edge of its ground, and fades into the crop
/// that receives it. The whole is shifted in colour by what the two crops differ in there, so that the seam tells
/// little by itself.
final class ChangePaste {
    /// Pixels that come along about a region; as far again, it has faded out.
    private static final int MARGIN = 3;

    /// Above this share of changed pixels hardly anything of the receiving crop would be left.
    private static final double MOST = 0.5;

    private ChangePaste() {}

    /// The crop with changed regions of another on top, those that touch none of its own: whether a building in place
    /// of another is a change, no mask tells. The crop itself where such are too many, or none.
    ///
    /// @param crop the one that receives
    /// @param donor of the same size; what changed is taken from its later date
    /// @param onLater whether it is laid onto the later date (it appears) or the earlier one (it vanishes)
    static Crop onto(Crop crop, Crop donor, boolean onLater) {
        byte[] regions = apart(donor.change(), crop.change(), crop.size());
        int changed = 0;
        for (byte c : regions) {
            changed += c;
        }
        if (changed == 0 || changed > MOST * regions.length) {
            return crop;
        }
        float[] cover = cover(regions, crop.size());
        byte[] painted = paint(onLater ? crop.after() : crop.before(), donor.after(), cover);
        byte[] change = crop.change().clone();
        for (int i = 0; i < change.length; i++) {
            change[i] |= regions[i];
        }
        return onLater
                ? new Crop(crop.size(), crop.before(), painted, change)
                : new Crop(crop.size(), painted, crop.after(), change);
    }

    /// The regions (of pixels that touch by an edge or a corner) of a mask that share no pixel with another mask.
    private static byte[] apart(byte[] change, byte[] taken, int size) {
        byte[] kept = new byte[change.length];
        boolean[] seen = new boolean[change.length];
        int[] region = new int[change.length];
        for (int start = 0; start < change.length; start++) {
            if (change[start] == 0 || seen[start]) {
                continue;
            }
            seen[start] = true;
            region[0] = start;
            int found = 1;
            boolean free = true;
            for (int next = 0; next < found; next++) {
                int x = region[next] % size;
                int y = region[next] / size;
                free &= taken[region[next]] == 0;
                for (int v = Math.max(0, y - 1); v <= Math.min(size - 1, y + 1); v++) {
                    for (int u = Math.max(0, x - 1); u <= Math.min(size - 1, x + 1); u++) {
                        int at = v * size + u;
                        if (change[at] != 0 && !seen[at]) {
                            seen[at] = true;
                            region[found++] = at;
                        }
                    }
                }
            }
            for (int i = 0; free && i < found; i++) {
                kept[region[i]] = 1;
            }
        }
        return kept;
    }

    private static byte[] paint(byte[] under, byte[] over, float[] cover) {
        byte[] out = under.clone();
        int area = cover.length;
        for (int band = 0; band < 3; band++) {
            int plane = band * area;
            float shift = shift(under, over, cover, plane);
            for (int i = 0; i < area; i++) {
                if (cover[i] > 0) {
                    float below = under[plane + i] & 0xff;
                    float above = Math.clamp((over[plane + i] & 0xff) + shift, 0f, 255f);
                    out[plane + i] = (byte) Math.round(below + cover[i] * (above - below));
                }
            }
        }
        return out;
    }

    /// Mean difference of the two in the seam, where both are seen.
    private static float shift(byte[] under, byte[] over, float[] cover, int plane) {
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < cover.length; i++) {
            float weight = cover[i] * (1 - cover[i]);
            sum += weight * ((under[plane + i] & 0xff) - (over[plane + i] & 0xff));
            weights += weight;
        }
        return weights > 0 ? (float) (sum / weights) : 0;
    }

    /// 1 on changed pixels and [#MARGIN] around them but for its outer half, 0 from twice the margin on, a slope
    /// between.
    private static float[] cover(byte[] change, int size) {
        float[] widened = new float[change.length];
        for (int i = 0; i < change.length; i++) {
            widened[i] = change[i];
        }
        widened = along(along(widened, size, 1, true), size, size, true);
        return along(along(widened, size, 1, false), size, size, false);
    }

    /// The greatest or the mean value of the pixels within the margin, along rows (step 1) or columns.
    private static float[] along(float[] values, int size, int step, boolean greatest) {
        float[] out = new float[values.length];
        int across = step == 1 ? size : 1;
        for (int line = 0; line < size; line++) {
            for (int i = 0; i < size; i++) {
                int from = Math.max(0, i - MARGIN);
                int to = Math.min(size - 1, i + MARGIN);
                float most = 0;
                float sum = 0;
                for (int j = from; j <= to; j++) {
                    float value = values[line * across + j * step];
                    most = Math.max(most, value);
                    sum += value;
                }
                out[line * across + i * step] = greatest ? most : sum / (to - from + 1);
            }
        }
        return out;
    }
}
