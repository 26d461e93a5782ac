package org.terrachange.data.synthetic;

/// How much of the built land changes between the two dates.
public enum ChangeAmount {
    /// Nothing is built or removed; only season, light and sensor differ.
    NONE(0, 0, 0),
    /// Single houses and halls come and go.
    SPARSE(0, 0.6, 0.12),
    /// Some blocks are built as a whole, others filled in or thinned out.
    MODERATE(0.35, 0.3, 0.12),
    /// Most blocks are built between the dates.
    EXTENSIVE(0.75, 0.15, 0.05);

    private final double built;
    private final double infill;
    private final double thinned;

    ChangeAmount(double built, double infill, double thinned) {
        this.built = built;
        this.infill = infill;
        this.thinned = thinned;
    }

    Story drawStory(Dice dice) {
        return Story.values()[dice.weighted(1 - built - infill - thinned, built, infill, thinned)];
    }

    /// What happens to one block between the dates.
    enum Story {
        /// Stands on both dates as it is.
        STABLE,
        /// Open land before; streets and buildings after.
        BUILT,
        /// Gaps between standing buildings are filled.
        INFILL,
        /// Some buildings are pulled down.
        THINNED
    }
}
