package org.terrachange.data.captions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;
import org.terrachange.data.captions.MaskPatches.Patch;
import org.terrachange.data.retrieval.RgbImage;

/// Reads changed things off a mask and the two images under it.
///
/// Where the mask says only that something changed, the images are asked whether it appeared or vanished. The
/// outline of the mask is the outline of the thing on the date on which it stands, so brightness steps across
/// the outline on that date, more than it does elsewhere in that image, and not on the other; and where open
/// land gives way to none, something appeared. A patch that leaves it open follows the others of its window
/// where they agree, unless its own outline speaks against them. What nothing tells stays [Fate#CHANGED].
public final class MaskReading {
    /// Patches below this are a fault of the mask or cut off by the edge of a window.
    public static final int LEAST_PIXELS = 16;

    /// How much stronger the outline must be on one date, as the logarithm of the ratio.
    private static final double CLEAR = 0.45;
    /// The same where most of the window has gone the other way.
    private static final double CLEAR_AGAINST_OTHERS = 0.9;
    /// The share of the pixels with a clear fate that makes others follow.
    private static final double MAJORITY = 0.8;
    /// Brightness steps that sensor noise gives anyway.
    private static final double NOISE = 2;
    /// How far apart the pixels on both sides of the outline are: masks miss it by a pixel or two.
    private static final int REACH = 5;

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
        List<Patch> patches = MaskPatches.of(mask, before.width(), before.height(), LEAST_PIXELS);
        List<Optional<LandCover>> formers = patches.stream()
                .map(patch -> LandCover.of(before, patch.pixels()))
                .toList();
        List<Fate> fates =
                fate == Fate.CHANGED ? fates(mask, patches, formers) : Collections.nCopies(patches.size(), fate);
        List<ChangedThing> things = new ArrayList<>();
        for (int i = 0; i < patches.size(); i++) {
            Patch patch = patches.get(i);
            things.add(new ChangedThing(
                    kind,
                    fates.get(i),
                    patch.pixels().length,
                    (double) patch.left() / before.width(),
                    (double) patch.top() / before.height(),
                    (patch.right() + 1.0) / before.width(),
                    (patch.bottom() + 1.0) / before.height(),
                    patch.compact(),
                    fates.get(i) == Fate.APPEARED ? formers.get(i) : Optional.empty()));
        }
        return things;
    }

    private List<Fate> fates(byte[] mask, List<Patch> patches, List<Optional<LandCover>> formers) {
        double usualBefore = usualStep(before);
        double usualAfter = usualStep(after);
        double[] evidence = new double[patches.size()];
        double appeared = 0;
        double vanished = 0;
        for (int i = 0; i < evidence.length; i++) {
            Patch patch = patches.get(i);
            evidence[i] = Math.log((step(after, mask, patch) + NOISE) / (step(before, mask, patch) + NOISE))
                    - Math.log(usualAfter / usualBefore);
            boolean wasOpen = open(formers.get(i));
            if (wasOpen != open(LandCover.of(after, patch.pixels()))) {
                evidence[i] += wasOpen ? CLEAR : -CLEAR;
            }
            appeared += evidence[i] >= CLEAR ? patch.pixels().length : 0;
            vanished += evidence[i] <= -CLEAR ? patch.pixels().length : 0;
        }
        double trend =
                appeared > MAJORITY * (appeared + vanished) ? 1 : vanished > MAJORITY * (appeared + vanished) ? -1 : 0;
        return Arrays.stream(evidence).mapToObj(value -> fate(value, trend)).toList();
    }

    /// @param evidence above 0 for appeared, below for vanished
    /// @param trend 1 where most of the window appeared, -1 where most vanished, 0 where neither
    private static Fate fate(double evidence, double trend) {
        double upper = trend > 0 ? 0 : trend < 0 ? CLEAR_AGAINST_OTHERS : CLEAR;
        double lower = trend < 0 ? 0 : trend > 0 ? -CLEAR_AGAINST_OTHERS : -CLEAR;
        return evidence > upper ? Fate.APPEARED : evidence < lower ? Fate.VANISHED : Fate.CHANGED;
    }

    /// The mean difference of brightness between pixels as far apart as [#step] compares them, over the whole
    /// image.
    private static double usualStep(RgbImage image) {
        double sum = 0;
        int count = 0;
        for (int y = 0; y + REACH < image.height(); y++) {
            for (int x = 0; x + REACH < image.width(); x++) {
                int pixel = y * image.width() + x;
                double here = brightness(image, pixel);
                sum += Math.abs(here - brightness(image, pixel + REACH))
                        + Math.abs(here - brightness(image, pixel + REACH * image.width()));
                count += 2;
            }
        }
        return NOISE + (count == 0 ? 0 : sum / count);
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
                sum += Math.abs(brightness(image, inY * width + inX) - brightness(image, outY * width + outX));
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
