package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.locationtech.jts.geom.Point;
import org.terrachange.data.synthetic.Block.FormerLand;
import org.terrachange.data.synthetic.ChangedObject.Change;
import org.terrachange.data.synthetic.ChangedObject.Kind;
import org.terrachange.raster.Affine;

/// Says in five short English sentences what changed in a scene, in the manner of LEVIR-CC. Every sentence
/// states only what the truth holds.
final class Captions {
    private static final int SENTENCES = 5;
    private static final List<String> NO_CHANGE = List.of(
            "there is no difference",
            "the two scenes seem identical",
            "the scene is the same as before",
            "no change has occurred",
            "almost nothing has changed");

    private final Scene scene;
    private final SceneTruth truth;
    private final Dice dice;

    private Captions(Scene scene, SceneTruth truth) {
        this.scene = scene;
        this.truth = truth;
        dice = Dice.of(scene.spec().seed(), 15);
    }

    static List<String> of(Scene scene, SceneTruth truth) {
        return new Captions(scene, truth).sentences();
    }

    private List<String> sentences() {
        List<String> candidates = new ArrayList<>();
        int roadsAppeared = roads(Presence.AFTER_ONLY);
        for (Map.Entry<Kind, Integer> group : count(Change.APPEARED).entrySet()) {
            appeared(candidates, group.getKey(), group.getValue(), roadsAppeared);
        }
        if (candidates.isEmpty() && roadsAppeared > 0) {
            String roads = counted(roadsAppeared, "road");
            candidates.add(roads + be(roadsAppeared) + "built" + where(Change.APPEARED));
            candidates.add(roads + (roadsAppeared == 1 ? " appears" : " appear") + onFormerLand());
        }
        for (Map.Entry<Kind, Integer> group : count(Change.VANISHED).entrySet()) {
            vanished(candidates, group.getKey(), group.getValue());
        }
        if (candidates.isEmpty()) {
            return NO_CHANGE;
        }
        List<String> chosen = new ArrayList<>();
        while (chosen.size() < SENTENCES && !candidates.isEmpty()) {
            String sentence = candidates.remove(dice.below(candidates.size()));
            if (!chosen.contains(sentence)) {
                chosen.add(sentence);
            }
        }
        return List.copyOf(chosen);
    }

    private void appeared(List<String> sentences, Kind kind, int count, int roads) {
        String things = counted(count, noun(kind));
        String are = be(count);
        String appear = count == 1 ? " appears" : " appear";
        String where = where(Change.APPEARED);
        sentences.add(things + are + "built" + onFormerLand());
        sentences.add(things + appear + where);
        sentences.add(things + have(count) + "been constructed" + where);
        if (roads > 0) {
            String along = roads == 1 ? "the new road" : "the new roads";
            sentences.add(things + are + "built along " + along + onFormerLand());
            sentences.add(counted(roads, "road") + " and " + things + " appear" + where);
        }
        formerLand().ifPresent(land -> {
            String replace = count == 1 ? " replaces " : " replace ";
            sentences.add(things + replace + land);
            if (roads > 0) {
                sentences.add(land + (land.equals("the woods") ? " are" : " is") + " replaced by " + things + " and "
                        + counted(roads, "road"));
            }
        });
        if (kind == Kind.HOUSE && count > 12) {
            sentences.add("a residential area has been built" + onFormerLand());
        }
        if (kind == Kind.HALL) {
            sentences.add((count == 1
                            ? "a large building with a yard is constructed"
                            : "some large buildings are constructed")
                    + where);
        }
    }

    private void vanished(List<String> sentences, Kind kind, int count) {
        String things = counted(count, noun(kind));
        String where = where(Change.VANISHED);
        sentences.add(things + (count == 1 ? " disappears" : " disappear") + where);
        sentences.add(things + have(count) + "been demolished");
        sentences.add(things + be(count) + "removed" + where);
    }

    private Map<Kind, Integer> count(Change change) {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        for (ChangedObject object : truth.objects()) {
            if (object.change() == change && object.kind() != Kind.ROAD) {
                counts.merge(object.kind(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private int roads(Presence presence) {
        return (int) truth.changedRoads().stream()
                .filter(road -> road.presence() == presence && road.line().length() > 20)
                .count();
    }

    private static String noun(Kind kind) {
        return switch (kind) {
            case HOUSE -> "house";
            case SHED -> "shed";
            case HALL -> "large building";
            case ROAD -> "road";
        };
    }

    private static String counted(int count, String noun) {
        return switch (count) {
            case 1 -> "a " + noun;
            case 2 -> "two " + noun + "s";
            case 3 -> "three " + noun + "s";
            case 4, 5, 6 -> "several " + noun + "s";
            default -> (count > 14 ? "many " : "some ") + noun + "s";
        };
    }

    private static String be(int count) {
        return count == 1 ? " is " : " are ";
    }

    private static String have(int count) {
        return count == 1 ? " has " : " have ";
    }

    /// What the land was under most of what appeared, where new blocks account for most of it.
    private Optional<String> formerLand() {
        Affine toPixels = scene.grid().transform().orElseThrow().inverse();
        double metres = scene.spec().metresPerPixel();
        Map<FormerLand, Integer> counts = new EnumMap<>(FormerLand.class);
        int appeared = 0;
        for (ChangedObject object : truth.objects()) {
            if (object.change() == Change.APPEARED && object.kind() != Kind.ROAD) {
                appeared++;
                Point centre = object.footprint().getCentroid();
                double x = toPixels.x(centre.getX(), centre.getY()) * metres;
                double y = toPixels.y(centre.getX(), centre.getY()) * metres;
                scene.blocks().stream()
                        .filter(block -> block.ring().contains(x, y))
                        .findFirst()
                        .flatMap(Block::former)
                        .ifPresent(former -> counts.merge(former, 1, Integer::sum));
            }
        }
        for (FormerLand former : FormerLand.values()) {
            if (counts.getOrDefault(former, 0) * 5 > appeared * 3) {
                return Optional.of(
                        switch (former) {
                            case WOODS -> "the woods";
                            case GRASSLAND -> "the grassland";
                            case BARE_LAND -> "the bare land";
                            case FIELD -> "the field";
                        });
            }
        }
        return Optional.empty();
    }

    private String onFormerLand() {
        return formerLand()
                .map(land -> (land.equals("the woods") ? " in " : " on ") + land)
                .orElse("");
    }

    /// Where in the image all changes of one direction lie, if they keep to a part of it.
    private String where(Change change) {
        Affine toPixels = scene.grid().transform().orElseThrow().inverse();
        double left = 1;
        double right = 0;
        double top = 1;
        double bottom = 0;
        for (ChangedObject object : truth.objects()) {
            if (object.change() == change && object.kind() != Kind.ROAD) {
                Point centre = object.footprint().getCentroid();
                double u =
                        toPixels.x(centre.getX(), centre.getY()) / scene.spec().width();
                double v =
                        toPixels.y(centre.getX(), centre.getY()) / scene.spec().height();
                left = Math.min(left, u);
                right = Math.max(right, u);
                top = Math.min(top, v);
                bottom = Math.max(bottom, v);
            }
        }
        String column = right < 0.5 ? "left" : left > 0.5 ? "right" : "";
        String row = bottom < 0.5 ? "upper" : top > 0.5 ? "lower" : "";
        if (left > 0.3 && right < 0.7 && top > 0.3 && bottom < 0.7) {
            return " in the middle of the scene";
        }
        if (!row.isEmpty() && !column.isEmpty()) {
            return " in the " + row + " " + column + " of the scene";
        }
        if (!column.isEmpty()) {
            return " on the " + column + " of the scene";
        }
        return switch (row) {
            case "upper" -> " at the top of the scene";
            case "lower" -> " at the bottom of the scene";
            default -> "";
        };
    }
}
