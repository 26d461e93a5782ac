package org.terrachange.raster.rgb;

import java.io.IOException;
import java.util.Optional;

/// How the values of two dates of one place become 8-bit brightness.
///
/// Both share one stretch, so that ground that stayed the same keeps looking the same. Where their numbers cannot mean
/// the same - one has 8-bit samples, or one holds reflectance from 0 to 1 and the other from 0 to 10000 - each gets its
/// own: under a shared one the smaller would be black.
///
/// @param earlier that of the earlier date
/// @param later that of the later date
/// @param shared whether one limit means the same in both
/// @param warning what that may do to the result, for people
public record PairStretch(Stretch earlier, Stretch later, boolean shared, Optional<String> warning) {
    /// Ranges of brightness of one sensor differ less from summer to winter.
    private static final double MOST_RATIO = 10;

    /// Finds it.
    public static PairStretch of(ColourSource earlier, ColourSource later) throws IOException {
        if (earlier.isEightBit() && later.isEightBit()) {
            return new PairStretch(Stretch.NONE, Stretch.NONE, true, Optional.empty());
        }
        if (earlier.isEightBit() != later.isEightBit()) {
            return new PairStretch(
                    earlier.isEightBit() ? Stretch.NONE : Stretch.over(earlier),
                    later.isEightBit() ? Stretch.NONE : Stretch.over(later),
                    false,
                    Optional.of("only one of the images has 8-bit samples, so the other's brightness was stretched by"
                            + " itself; a change of brightness between the dates may come from that"));
        }
        Stretch.Sample first = Stretch.Sample.of(earlier);
        Stretch.Sample second = Stretch.Sample.of(later);
        Stretch alone = Stretch.over(first);
        Stretch other = Stretch.over(second);
        if (first.isEmpty() || second.isEmpty() || comparable(alone, other)) {
            Stretch together = Stretch.over(first, second);
            return new PairStretch(together, together, true, Optional.empty());
        }
        return new PairStretch(
                alone,
                other,
                false,
                Optional.of("the values of the images lie in ranges that cannot mean the same brightness, so each was"
                        + " stretched by itself; a change of brightness between the dates may come from that"));
    }

    /// Whether the ranges of at least one colour overlap and are of about one width.
    private static boolean comparable(Stretch one, Stretch other) {
        for (int colour = 0; colour < 3; colour++) {
            double width = one.high().get(colour) - one.low().get(colour);
            double otherWidth = other.high().get(colour) - other.low().get(colour);
            boolean overlap = one.low().get(colour) < other.high().get(colour)
                    && other.low().get(colour) < one.high().get(colour);
            if (overlap && Math.max(width, otherWidth) <= MOST_RATIO * Math.min(width, otherWidth)) {
                return true;
            }
        }
        return false;
    }
}
