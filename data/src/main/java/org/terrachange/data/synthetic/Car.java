package org.terrachange.data.synthetic;

/// A car or a trailer that stands or drives somewhere on one date only.
record Car(Box box, Albedo paint, Epoch epoch) {

    /// A car at a place and heading, with a colour as common as on the road.
    static Car of(Dice dice, Point centre, Point heading, Epoch epoch) {
        Albedo paint = switch (dice.weighted(20, 22, 22, 22, 6, 6, 3)) {
            case 0 -> Albedo.of(0.6, 0.6, 0.59);
            case 1 -> Albedo.of(0.34, 0.35, 0.36);
            case 2 -> Albedo.of(0.16, 0.165, 0.17);
            case 3 -> Albedo.of(0.035, 0.036, 0.04);
            case 4 -> Albedo.of(0.33, 0.04, 0.035);
            case 5 -> Albedo.of(0.05, 0.1, 0.27);
            default -> Albedo.of(0.38, 0.32, 0.22);
        };
        boolean van = dice.chance(0.12);
        return new Car(new Box(centre, heading, van ? 2.8 : 2.25, van ? 1.05 : 0.93), paint, epoch);
    }

    /// Metres above the ground of its roof.
    double height() {
        return isTrailer() ? 3.6 : 1.4;
    }

    boolean isTrailer() {
        return box.halfLength() > 4;
    }
}
