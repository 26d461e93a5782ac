package org.terrachange.data.captions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Says in which part of the image things lie, in several ways; in none where they keep to no part.
final class Placement {
    /// How far a thing may reach over the middle and still count to one half.
    private static final double HALF = 0.53;
    private static final double EDGE = 0.2;
    /// The share of the pixels that "mostly" needs.
    private static final double MOST = 0.8;

    private Placement() {}

    /// Phrases that fit, such as `in the upper left of the scene`.
    static List<String> of(List<ChangedThing> things) {
        List<String> phrases = box(things).phrases(things.size());
        if (!phrases.isEmpty() || things.size() < 3) {
            return phrases;
        }
        return mostly(things);
    }

    /// Drops the smallest things, as far as they are few pixels, and tries again.
    private static List<String> mostly(List<ChangedThing> things) {
        double all = things.stream().mapToDouble(ChangedThing::pixels).sum();
        List<ChangedThing> kept = new ArrayList<>(things);
        kept.sort(Comparator.comparingDouble(ChangedThing::pixels).reversed());
        while (kept.size() > 2) {
            kept.removeLast();
            if (kept.stream().mapToDouble(ChangedThing::pixels).sum() < MOST * all) {
                return List.of();
            }
            Box box = box(kept);
            if (box.keepsToAPart()) {
                return box.phrases(kept.size()).stream()
                        .map(phrase -> "mostly " + phrase)
                        .toList();
            }
        }
        return List.of();
    }

    private static Box box(List<ChangedThing> things) {
        double left = 1;
        double top = 1;
        double right = 0;
        double bottom = 0;
        double covered = 0;
        for (ChangedThing thing : things) {
            left = Math.min(left, thing.left());
            top = Math.min(top, thing.top());
            right = Math.max(right, thing.right());
            bottom = Math.max(bottom, thing.bottom());
            covered += (thing.right() - thing.left()) * (thing.bottom() - thing.top());
        }
        return new Box(left, top, right, bottom, covered);
    }

    /// The rectangle around all things.
    ///
    /// @param covered the share of the image under their own rectangles
    private record Box(double left, double top, double right, double bottom, double covered) {
        private String column() {
            return right <= HALF ? "left" : left >= 1 - HALF ? "right" : "";
        }

        private String row() {
            return bottom <= HALF ? "top" : top >= 1 - HALF ? "bottom" : "";
        }

        boolean keepsToAPart() {
            return !column().isEmpty() || !row().isEmpty() || central();
        }

        private boolean central() {
            return left > 0.25 && right < 0.75 && top > 0.25 && bottom < 0.75;
        }

        List<String> phrases(int things) {
            String column = column();
            String row = row();
            if (central()) {
                return List.of("in the middle of the scene", "in the centre", "near the middle");
            }
            if (!column.isEmpty() && !row.isEmpty()) {
                return corner(column, row);
            }
            if (!column.isEmpty()) {
                return (column.equals("left") ? right <= EDGE : left >= 1 - EDGE)
                        ? List.of("along the " + column + " edge", "at the " + column + " edge of the scene")
                        : List.of(
                                "on the " + column,
                                "on the " + column + " side of the scene",
                                "in the " + column + " half of the scene");
            }
            if (!row.isEmpty()) {
                String vertical = row.equals("top") ? "upper" : "lower";
                return (row.equals("top") ? bottom <= EDGE : top >= 1 - EDGE)
                        ? List.of("along the " + row + " edge", "at the " + row + " edge of the scene")
                        : List.of(
                                "at the " + row,
                                "at the " + row + " of the scene",
                                "in the " + vertical + " half of the scene");
            }
            boolean wide = right - left > 0.7 && bottom - top > 0.7;
            if (wide && things >= 4) {
                return covered < 0.12
                        ? List.of("scattered over the scene", "here and there in the scene", "across the scene")
                        : List.of("across the scene", "throughout the scene", "all over the scene");
            }
            return List.of();
        }

        private List<String> corner(String column, String row) {
            String vertical = row.equals("top") ? "upper" : "lower";
            boolean tight = (column.equals("left") ? right < 0.4 : left > 0.6)
                    && (row.equals("top") ? bottom < 0.4 : top > 0.6);
            return tight
                    ? List.of(
                            "in the " + row + " " + column + " corner",
                            "in the " + vertical + " " + column + " corner of the scene",
                            "at the " + row + " " + column)
                    : List.of(
                            "in the " + vertical + " " + column,
                            "in the " + vertical + " " + column + " part of the scene",
                            "at the " + row + " " + column);
        }
    }
}
