package org.terrachange.data.synthetic;

import java.util.List;

/// A building: rectangles that share walls and roof.
///
/// @param kind what it is used for
/// @param parts at least one rectangle; where roofs overlap the higher one shows, which makes ridges and valleys
/// @param roofBefore roof colour on the earlier date
/// @param roofAfter roof colour on the later date; the same but for the rare roof renewed between the dates
/// @param walls colour of the walls
/// @param presence on which dates it stands
/// @param seed of its textures and roof furniture
record Building(
        Kind kind, List<Part> parts, Albedo roofBefore, Albedo roofAfter, Albedo walls, Presence presence, int seed) {

    Building {
        parts = List.copyOf(parts);
    }

    enum Kind {
        HOUSE,
        SHED,
        HALL
    }

    enum RoofShape {
        HIP,
        GABLE,
        FLAT
    }

    /// One rectangle of a building.
    ///
    /// @param box its outline on the ground
    /// @param eaves height of the walls, metres
    /// @param shape of its roof
    /// @param slope metres of rise for each metre inwards; 0 on flat roofs
    record Part(Box box, double eaves, RoofShape shape, double slope) {

        double ridge() {
            return eaves + slope * box.halfWidth();
        }

        /// Height of the roof above the eaves' foot at a position inside the rectangle, metres above ground.
        double height(double x, double y) {
            return eaves
                    + switch (shape) {
                        case FLAT -> 0;
                        case GABLE -> slope * (box.halfWidth() - Math.abs(box.across(x, y)));
                        case HIP ->
                            slope
                                    * Math.min(
                                            box.halfWidth() - Math.abs(box.across(x, y)),
                                            box.halfLength() - Math.abs(box.along(x, y)));
                    };
        }

        /// Horizontal part of the roof's outward normal at a position, of length `slope`.
        Point fall(double x, double y) {
            double along = box.along(x, y);
            double across = box.across(x, y);
            boolean end =
                    shape == RoofShape.HIP && box.halfLength() - Math.abs(along) < box.halfWidth() - Math.abs(across);
            Point direction = end
                    ? box.axis().times(Math.signum(along))
                    : box.axis().turned().times(Math.signum(across));
            return direction.times(slope);
        }
    }

    Albedo roof(Epoch epoch) {
        return switch (epoch) {
            case BEFORE -> roofBefore;
            case AFTER -> roofAfter;
        };
    }

    double top() {
        return parts.stream().mapToDouble(Part::ridge).max().orElseThrow();
    }

    Point centre() {
        return parts.getFirst().box().centre();
    }

    /// The ground that its walls stand on.
    Bounds bounds() {
        Bounds all = parts.getFirst().box().bounds();
        for (Part part : parts) {
            Bounds b = part.box().bounds();
            all = new Bounds(
                    Math.min(all.west(), b.west()),
                    Math.min(all.north(), b.north()),
                    Math.max(all.east(), b.east()),
                    Math.max(all.south(), b.south()));
        }
        return all;
    }

    boolean overlaps(Box box) {
        return parts.stream().anyMatch(part -> part.box().overlaps(box));
    }

    /// Whether a position is less than `metres` from its walls.
    boolean isNear(double x, double y, double metres) {
        for (Part part : parts) {
            if (part.box().isNear(x, y, metres)) {
                return true;
            }
        }
        return false;
    }
}
