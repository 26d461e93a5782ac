package org.terrachange.data.captions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;
import org.terrachange.data.captions.MaskPatches.Patch;
import org.terrachange.data.retrieval.RgbImage;

/// Reads changed things off a mask and the two images under it.
///
/// Where the mask says only that something changed, the images are asked whether it appeared or vanished: the outline
/// of the mask is the outline of the thing on the date on which it stands, so the brightness steps across the outline
/// on that date and not on the other; and where open land gives way to none, something appeared. What neither tells
/// stays [Fate#CHANGED].
public final class MaskReading {
    /// Patches below this are a fault of the mask or cut off by the edge of a window.
    public static final int LEAST_PIXELS = 16;

    /// How much stronger the outline must be on one date.
    private static final double CLEAR_STEP = 1.5;
    /// Brightness steps that noise and texture give anyway.
    private static final double NOISE = 4;

    private final RgbImage before;
    private final RgbImage after;

    /// @param before the earlier image, as large as the masks
    /// @param after the later image
    public MaskReading(RgbImage before, RgbImage after) {
        this.before = before;
        this.after = after;
    }

    /// The things under one mask.
    ///
    /// @param mask one byte a pixel, row-major, 0 where nothing changed
    /// @param fate what became of them; [Fate#CHANGED] to ask the images
    public List<ChangedThing> things(byte[] mask, Kind kind, Fate fate) {
        int width = before.width();
        int height = before.height();
        List<ChangedThing> things = new ArrayList<>();
        for (Patch patch : MaskPatches.of(mask, width, height, LEAST_PIXELS)) {
            Optional<LandCover> former = LandCover.of(before, patch.pixels());
            Fate known = fate == Fate.CHANGED ? fate(mask, patch, former) : fate;
            things.add(new ChangedThing(
                    kind,
                    known,
                    patch.pixels().length,
                    (double) patch.left() / width,
                    (double) patch.top() / height,
                    (patch.right() + 1.0) / width,
                    (patch.bottom() + 1.0) / height,
                    patch.compact(),
                    known == Fate.APPEARED ? former : Optional.empty()));
        }
        return things;
    }

    private Fate fate(byte[] mask, Patch patch, Optional<LandCover> former) {
        Optional<LandCover> later = LandCover.of(after, patch.pixels());
        boolean wasOpen = open(former);
        boolean isOpen = open(later);
        if (wasOpen != isOpen) {
            return wasOpen ? Fate.APPEARED : Fate.VANISHED;
        }
        double ratio = (step(after, mask, patch) + NOISE) / (step(before, mask, patch) + NOISE);
        return ratio > CLEAR_STEP ? Fate.APPEARED : ratio < 1 / CLEAR_STEP ? Fate.VANISHED : Fate.CHANGED;
    }

    /// Soil is left out: pale roofs look like it.
    private static boolean open(Optional<LandCover> cover) {
        return cover.isPresent() && cover.get() != LandCover.BARE_SOIL;
    }

    /// The mean difference of brightness between a pixel inside the outline and one as far outside.
    private static double step(RgbImage image, byte[] mask, Patch patch) {
        int width = image.width();
        int height = image.height();
        double sum = 0;
        int count = 0;
        for (int pixel : patch.pixels()) {
            int x = pixel % width;
            int y = pixel / width;
            for (int side = 0; side < 4; side++) {
                int dx = side == 0 ? 1 : side == 1 ? -1 : 0;
                int dy = side == 2 ? 1 : side == 3 ? -1 : 0;
                int inX = x - 2 * dx;
                int inY = y - 2 * dy;
                int outX = x + 3 * dx;
                int outY = y + 3 * dy;
                if (Math.min(inX, outX) < 0
                        || Math.min(inY, outY) < 0
                        || Math.max(inX, outX) >= width
                        || Math.max(inY, outY) >= height
                        || mask[(y + dy) * width + x + dx] != 0) {
                    continue;
                }
                sum += Math.abs(
                        brightness(image, inY * width + inX) - brightness(image, outY * width + outX));
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    private static double brightness(RgbImage image, int pixel) {
        int area = image.width() * image.height();
        byte[] planes = image.planes();
        return 0.299 * (planes[pixel] & 0xff)
                + 0.587 * (planes[area + pixel] & 0xff)
                + 0.114 * (planes[2 * area + pixel] & 0xff);
    }
}
