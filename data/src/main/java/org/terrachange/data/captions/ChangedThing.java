package org.terrachange.data.captions;

import java.util.Optional;

/// One thing on the ground and what became of it. Positions are shares of the image, 0 at the left and top edge, 1
/// at the right and bottom edge.
///
/// @param kind what it is
/// @param fate what became of it
/// @param pixels how many pixels it covers
/// @param left where it begins
/// @param top where it begins
/// @param right where it ends
/// @param bottom where it ends
/// @param single whether it is surely one thing: a patch of a mask may be several buildings that touch
/// @param former what the ground was before, where that is clear
public record ChangedThing(
        Kind kind,
        Fate fate,
        double pixels,
        double left,
        double top,
        double right,
        double bottom,
        boolean single,
        Optional<LandCover> former) {
    public ChangedThing {
        if (!(left <= right && top <= bottom && pixels > 0)) {
            throw new IllegalArgumentException(
                    "a thing of " + pixels + " pixels from " + left + ", " + top + " to " + right + ", " + bottom);
        }
    }

    /// What a thing is.
    public enum Kind {
        BUILDING,
        ROAD
    }

    /// What became of a thing between the two dates.
    public enum Fate {
        APPEARED,
        VANISHED,
        /// Appeared or vanished: the data do not tell which.
        CHANGED,
        UNHARMED,
        MINOR_DAMAGE,
        MAJOR_DAMAGE,
        DESTROYED,
        /// Stood before; the annotators could not tell what became of it.
        UNKNOWN;

        /// Whether something is known to have happened.
        public boolean isChange() {
            return this != UNHARMED && this != UNKNOWN;
        }

        /// Whether it is a grade of damage.
        public boolean isDamage() {
            return this == MINOR_DAMAGE || this == MAJOR_DAMAGE || this == DESTROYED;
        }
    }

    double centreX() {
        return (left + right) / 2;
    }

    double centreY() {
        return (top + bottom) / 2;
    }
}
