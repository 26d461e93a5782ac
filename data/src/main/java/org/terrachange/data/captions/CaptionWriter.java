package org.terrachange.data.captions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;

/// Writes five short English sentences about a change, in the manner of LEVIR-CC: lower case, no full stop.
/// Wording varies with the seed; what is said does not go beyond what [SceneChange] holds.
///
/// Numbers are exact up to six where every thing is surely one, and vague where a patch of the mask may be
/// several buildings that touch. A thing that the data cannot date is "built or removed".
public final class CaptionWriter {
    private static final int SENTENCES = 5;
    /// Draws of a sentence before fewer different ones than five are accepted.
    private static final int TRIES = 200;
    /// The share of all changed pixels that a kind of change needs to be spoken of.
    private static final double NOTABLE = 0.1;
    private static final List<String> NUMBERS = List.of("no", "one", "two", "three", "four", "five", "six");

    private final SceneChange change;
    private final SplittableRandom random;

    private CaptionWriter(SceneChange change, long seed) {
        this.change = change;
        this.random = new SplittableRandom(seed);
    }

    /// Five different sentences; the same ones for the same change and seed.
    public static List<String> sentences(SceneChange change, long seed) {
        return new CaptionWriter(change, seed).sentences();
    }

    /// Things of one kind and fate.
    private record Group(Kind kind, Fate fate, List<ChangedThing> things) {
        double pixels() {
            return things.stream().mapToDouble(ChangedThing::pixels).sum();
        }

        boolean counted() {
            return things.stream().allMatch(ChangedThing::single);
        }
    }

    /// A subject and its number.
    private record Subject(String text, boolean plural) {
        String is() {
            return text + (plural ? " are" : " is");
        }

        String has() {
            return text + (plural ? " have" : " has");
        }

        /// With a verb whose singular ends in s.
        String does(String verb) {
            return text + " " + verb + (plural ? "" : "s");
        }
    }

    private List<String> sentences() {
        List<Group> groups = groups();
        List<String> chosen = new ArrayList<>();
        if (groups.isEmpty()) {
            List<String> all = new ArrayList<>(unchanged());
            while (chosen.size() < SENTENCES) {
                chosen.add(all.remove(random.nextInt(all.size())));
            }
            return List.copyOf(chosen);
        }
        double all = groups.stream().mapToDouble(Group::pixels).sum();
        if (groups.size() > 1) {
            chosen.add(sentence(groups.get(0)) + " and " + sentence(groups.get(1)));
        }
        for (int attempt = 0; chosen.size() < SENTENCES; attempt++) {
            String sentence = sentence(drawn(groups, all));
            if (!chosen.contains(sentence) || attempt > TRIES) {
                chosen.add(sentence);
            }
        }
        return List.copyOf(chosen);
    }

    /// One of the groups, by their pixels.
    private Group drawn(List<Group> groups, double all) {
        double left = random.nextDouble() * all;
        for (Group group : groups) {
            left -= group.pixels();
            if (left < 0) {
                return group;
            }
        }
        return groups.getFirst();
    }

    /// What there is to speak of, the largest first; changes that nobody would remark beside the others are passed
    /// over.
    private List<Group> groups() {
        Map<Kind, Map<Fate, List<ChangedThing>>> sorted = change.things().stream()
                .filter(thing -> thing.fate().isChange())
                .collect(Collectors.groupingBy(
                        ChangedThing::kind,
                        TreeMap::new,
                        Collectors.groupingBy(ChangedThing::fate, TreeMap::new, Collectors.toList())));
        List<Group> groups = new ArrayList<>();
        sorted.forEach((kind, fates) -> fates.forEach((fate, things) -> groups.add(new Group(kind, fate, things))));
        groups.sort(Comparator.comparingDouble(Group::pixels).reversed());
        double all = groups.stream().mapToDouble(Group::pixels).sum();
        groups.removeIf(group -> group.pixels() < NOTABLE * all);
        return groups;
    }

    private String sentence(Group group) {
        return switch (group.fate()) {
            case APPEARED -> appeared(group);
            case VANISHED -> vanished(group);
            case CHANGED -> undated(group);
            case MINOR_DAMAGE, MAJOR_DAMAGE, DESTROYED -> damaged(group);
            case UNHARMED, UNKNOWN ->
                throw new IllegalArgumentException("nothing is known to have happened to what is " + group.fate());
        };
    }

    private String appeared(Group group) {
        Subject subject = subject(group, "");
        Subject fresh = subject(group, "new ");
        String where = where(group);
        Optional<LandCover> former = former(group);
        if (former.isPresent() && random.nextInt(2) == 0) {
            return former(subject, fresh, where, former.get());
        }
        return switch (random.nextInt(8)) {
            case 0 -> subject.is() + " built" + where;
            case 1 -> subject.does("appear") + where;
            case 2 -> subject.has() + " been constructed" + where;
            case 3 -> subject.has() + " been built" + where;
            case 4 -> fresh.does("appear") + where;
            case 5 -> fresh.does("stand") + (where.isEmpty() ? " in the later image" : where);
            case 6 -> fresh.text() + " can be seen" + where;
            default -> share(group).map(share -> fresh.does("cover") + share).orElse(fresh.is() + " added" + where);
        };
    }

    private String former(Subject subject, Subject fresh, String where, LandCover former) {
        String land = switch (former) {
            case VEGETATION -> pick("vegetation", "greenery", "grass or trees");
            case BARE_SOIL -> pick("bare land", "bare soil", "open ground");
            case WATER -> pick("water", "a water surface");
        };
        return switch (random.nextInt(5)) {
            case 0 -> subject.does("replace") + " " + land + where;
            case 1 -> land + " is replaced by " + subject.text() + where;
            case 2 ->
                subject.is() + " built" + where + (former == LandCover.BARE_SOIL ? " on " : " in place of ") + land;
            case 3 -> land + " gives way to " + fresh.text() + where;
            default -> subject.does("appear") + where + " where there was " + land;
        };
    }

    private String vanished(Group group) {
        Subject subject = subject(group, "");
        String where = where(group);
        return switch (random.nextInt(6)) {
            case 0 -> subject.does("disappear") + where;
            case 1 -> subject.has() + " been demolished" + where;
            case 2 -> subject.is() + " removed" + where;
            case 3 -> subject.is() + " torn down" + where;
            case 4 -> subject.has() + " vanished" + where;
            default -> subject.is() + " gone" + where;
        };
    }

    private String undated(Group group) {
        Subject subject = subject(group, "");
        String where = where(group);
        String buildings = group.kind() == Kind.BUILDING ? "building" : "road";
        return switch (random.nextInt(6)) {
            case 0 -> subject.has() + " been built or removed" + where;
            case 1 -> subject.has() + " changed" + where;
            case 2 -> subject.is() + " different in the later image" + where;
            case 3 -> subject.does("appear") + (subject.plural() ? " or disappear" : " or disappears") + where;
            case 4 -> "the two images differ in " + subject.text() + where;
            default -> "there is " + buildings + " change" + where;
        };
    }

    private String damaged(Group group) {
        Subject subject = subject(group, "");
        String where = where(group);
        String hazard = change.hazard().map(struck -> " by the " + struck).orElse("");
        String after = change.hazard().map(struck -> " after the " + struck).orElse("");
        if (random.nextInt(3) == 0) {
            Optional<String> toll = toll(after);
            if (toll.isPresent()) {
                return toll.get();
            }
        }
        return switch (group.fate()) {
            case DESTROYED ->
                switch (random.nextInt(6)) {
                    case 0 -> subject.is() + " destroyed" + where;
                    case 1 -> subject.has() + " been destroyed" + hazard + where;
                    case 2 -> subject.is() + " destroyed" + hazard + where;
                    case 3 -> subject(group, "destroyed ").text() + " can be seen" + where;
                    case 4 ->
                        "the later image shows " + subject(group, "destroyed ").text() + where;
                    default -> subject.is() + " completely destroyed" + where + after;
                };
            case MAJOR_DAMAGE ->
                switch (random.nextInt(6)) {
                    case 0 -> subject.is() + " severely damaged" + where;
                    case 1 -> subject.has() + " major damage" + where + after;
                    case 2 -> subject.is() + " badly damaged" + hazard + where;
                    case 3 -> subject(group, "heavily damaged ").text() + " can be seen" + where;
                    case 4 ->
                        "the later image shows "
                                + subject(group, "heavily damaged ").text() + where;
                    default -> subject.does("suffer") + " heavy damage" + where;
                };
            default ->
                switch (random.nextInt(6)) {
                    case 0 -> subject.is() + " slightly damaged" + where;
                    case 1 -> subject.has() + " minor damage" + where + after;
                    case 2 -> subject.is() + " lightly damaged" + hazard + where;
                    case 3 -> subject(group, "slightly damaged ").text() + " can be seen" + where;
                    case 4 ->
                        "the later image shows "
                                + subject(group, "slightly damaged ").text() + where;
                    default -> subject.does("show") + " light damage" + where;
                };
        };
    }

    /// How many of all buildings of the image were struck, where it is most of several.
    private Optional<String> toll(String after) {
        long buildings = change.things().size();
        if (buildings < 4) {
            return Optional.empty();
        }
        long destroyed = change.things().stream()
                .filter(thing -> thing.fate() == Fate.DESTROYED)
                .count();
        long struck = change.things().stream()
                .filter(thing -> thing.fate().isDamage())
                .count();
        String of = destroyed * 2 > buildings ? " destroyed" : " damaged or destroyed";
        long count = destroyed * 2 > buildings ? destroyed : struck;
        if (count == buildings) {
            return Optional.of("all buildings are" + of + after);
        }
        if (count * 10 >= buildings * 9) {
            return Optional.of("nearly all buildings are" + of + after);
        }
        return count * 2 > buildings ? Optional.of("most buildings are" + of + after) : Optional.empty();
    }

    private List<String> unchanged() {
        if (change.hazard().isPresent()) {
            return List.of(
                    "no building is damaged",
                    "no damage to buildings can be seen",
                    "the buildings show no damage",
                    "the buildings are intact after the " + change.hazard().get(),
                    "there is no damaged building",
                    "no building was destroyed by the " + change.hazard().get(),
                    "the buildings have not been damaged");
        }
        String things = change.watched().contains(Kind.ROAD) ? "building or road" : "building";
        return List.of(
                "no " + things + " has changed",
                "no " + things + " has appeared or disappeared",
                "there is no " + things + " change",
                "no new " + things + " can be seen",
                "no " + things + " has been built or demolished",
                "no change of a " + things + " can be seen",
                "the two images show no " + things + " change");
    }

    /// The things as a subject: how many, how large, how they stand.
    ///
    /// @param quality what else to call them, such as `new `
    private Subject subject(Group group, String quality) {
        int count = group.things().size();
        String noun = group.kind() == Kind.BUILDING ? "building" : "road";
        String described = quality + size(group) + noun;
        if (!group.counted() && group.kind() == Kind.BUILDING) {
            if (count == 1) {
                return quality.isEmpty() || quality.equals("new ")
                        ? new Subject("a " + quality + "built-up area", false)
                        : new Subject("a " + described, false);
            }
            return new Subject(
                    pick(count > 14 ? "many " : "some ", count > 6 ? "many " : "several ") + described + "s", true);
        }
        if (count == 1) {
            return new Subject(pick(article(described), "one ") + described, false);
        }
        if (count >= 3 && inARow(group)) {
            return new Subject("a row of " + described + "s", false);
        }
        return new Subject(many(count) + described + "s", true);
    }

    private String many(int count) {
        if (count <= 3) {
            return NUMBERS.get(count) + " ";
        }
        if (count <= 6) {
            return pick(NUMBERS.get(count) + " ", "several ", "a few ");
        }
        return count < 15
                ? pick("a number of ", "several ", "a group of ")
                : pick("many ", "a large number of ", "numerous ");
    }

    private static String article(String words) {
        return "aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ";
    }

    /// `large ` or `small ` where all things are, else nothing. By the ground where the pixel size is known,
    /// else by the share of the image.
    private String size(Group group) {
        if (group.kind() == Kind.ROAD || !group.counted() || random.nextInt(3) == 0) {
            return "";
        }
        double large;
        double small;
        if (change.metresPerPixel().isPresent()) {
            double metres = change.metresPerPixel().getAsDouble();
            large = 1000 / (metres * metres);
            small = 60 / (metres * metres);
        } else {
            large = 0.06 * change.width() * change.height();
            small = 0.002 * change.width() * change.height();
        }
        double floor = large;
        double ceiling = small;
        if (group.things().stream().allMatch(thing -> thing.pixels() >= floor)) {
            return "large ";
        }
        // What the edge of the image cuts off may be larger than it looks.
        return group.things().stream().allMatch(thing -> thing.pixels() <= ceiling && inside(thing)) ? "small " : "";
    }

    private static boolean inside(ChangedThing thing) {
        return thing.left() > 0 && thing.top() > 0 && thing.right() < 1 && thing.bottom() < 1;
    }

    /// Whether the centres lie along a line, which three in a cluster do not.
    private static boolean inARow(Group group) {
        double n = group.things().size();
        double meanX =
                group.things().stream().mapToDouble(ChangedThing::centreX).sum() / n;
        double meanY =
                group.things().stream().mapToDouble(ChangedThing::centreY).sum() / n;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (ChangedThing thing : group.things()) {
            double dx = thing.centreX() - meanX;
            double dy = thing.centreY() - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        double spread = Math.sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
        double along = (xx + yy) / 2 + spread;
        double across = Math.max((xx + yy) / 2 - spread, 1e-9);
        return along > 100 * across;
    }

    private String where(Group group) {
        List<String> phrases = Placement.of(group.things());
        return phrases.isEmpty() || random.nextInt(5) == 0 ? "" : " " + phrases.get(random.nextInt(phrases.size()));
    }

    /// What most of what appeared stands on.
    private static Optional<LandCover> former(Group group) {
        for (LandCover cover : LandCover.values()) {
            double pixels = group.things().stream()
                    .filter(thing -> thing.former().equals(Optional.of(cover)))
                    .mapToDouble(ChangedThing::pixels)
                    .sum();
            if (pixels > 0.6 * group.pixels()) {
                return Optional.of(cover);
            }
        }
        return Optional.empty();
    }

    /// How much of the image a group covers, where it is much.
    private Optional<String> share(Group group) {
        double share = group.pixels() / ((double) change.width() * change.height());
        return share > 0.5
                ? Optional.of(" most of the scene")
                : share > 0.25 ? Optional.of(" a large part of the scene") : Optional.empty();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
