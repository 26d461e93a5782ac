package org.terrachange.data.retrieval;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One of the eight ways to lay a square image on the table, applied to images and to what captions say of
/// sides.
///
/// A mirror image needs its captions mirrored: left becomes right, top becomes bottom. After a quarter turn,
/// however, "at the top" would have to become "on the left", another preposition, and "upper left" would need
/// other words: captions that name a side are therefore only mirrored, never given a quarter turn. [#fitting]
/// draws accordingly.
///
/// @param transposed whether rows and columns change places, before any mirroring
/// @param mirrored whether left and right change places
/// @param flipped whether top and bottom change places
record Turn(boolean transposed, boolean mirrored, boolean flipped) {
    /// How many there are.
    static final int COUNT = 8;

    /// The images as they are.
    static final Turn NONE = new Turn(false, false, false);

    private static final Map<String, String> ACROSS = Map.ofEntries(
            Map.entry("left", "right"),
            Map.entry("leftmost", "rightmost"),
            Map.entry("east", "west"),
            Map.entry("eastern", "western"),
            Map.entry("northeast", "northwest"),
            Map.entry("southeast", "southwest"));
    private static final Map<String, String> DOWN = Map.ofEntries(
            Map.entry("top", "bottom"),
            Map.entry("topmost", "bottommost"),
            Map.entry("upper", "lower"),
            Map.entry("above", "below"),
            Map.entry("north", "south"),
            Map.entry("northern", "southern"),
            Map.entry("northeast", "southeast"),
            Map.entry("northwest", "southwest"));
    private static final Map<String, String> LYING =
            Map.ofEntries(Map.entry("horizontal", "vertical"), Map.entry("horizontally", "vertically"));
    private static final Pattern ACROSS_WORDS = words(ACROSS);
    private static final Pattern DOWN_WORDS = words(DOWN);
    private static final Pattern LYING_WORDS = words(LYING);
    /// Where a side's word names no side of the image: such captions keep their images as they are.
    private static final Pattern OTHER_SENSES = Pattern.compile(
            "\\bright[- ]angle|\\bright (next|beside|away)|\\b(is|are|was|were|remains?) left\\b|\\bon top of\\b"
                    + "|\\b(over|about|above) (half|all)\\b",
            Pattern.CASE_INSENSITIVE);

    private static Pattern words(Map<String, String> opposites) {
        return Pattern.compile(
                "\\b(" + String.join("|", opposites.keySet()) + "|" + String.join("|", opposites.values()) + ")\\b",
                Pattern.CASE_INSENSITIVE);
    }

    /// One of the turns that a caption bears.
    ///
    /// @param number 0 to 7, evenly drawn
    static Turn fitting(String caption, int number) {
        if (OTHER_SENSES.matcher(caption).find()) {
            return NONE;
        }
        boolean namesSide = ACROSS_WORDS.matcher(caption).find()
                || DOWN_WORDS.matcher(caption).find();
        return numbered(namesSide ? number & 3 : number);
    }

    /// The turn of a number.
    ///
    /// @param number 0 to 7
    static Turn numbered(int number) {
        return new Turn((number & 4) != 0, (number & 1) != 0, (number & 2) != 0);
    }

    /// What [#numbered] makes this turn of.
    int number() {
        return (transposed ? 4 : 0) + (mirrored ? 1 : 0) + (flipped ? 2 : 0);
    }

    /// What the caption has to say of the turned image.
    String apply(String caption) {
        String turned = transposed ? exchange(caption, LYING_WORDS, LYING) : caption;
        turned = mirrored ? exchange(turned, ACROSS_WORDS, ACROSS) : turned;
        return flipped ? exchange(turned, DOWN_WORDS, DOWN) : turned;
    }

    private static String exchange(String caption, Pattern words, Map<String, String> opposites) {
        return words.matcher(caption).replaceAll(match -> {
            String word = match.group().toLowerCase(Locale.ROOT);
            String opposite = opposites.containsKey(word)
                    ? opposites.get(word)
                    : opposites.entrySet().stream()
                            .filter(entry -> entry.getValue().equals(word))
                            .findFirst()
                            .orElseThrow()
                            .getKey();
            return Matcher.quoteReplacement(opposite);
        });
    }

    /// Lays a square image this way.
    ///
    /// @param plane `size * size` samples from `from` on
    /// @param to receives as many from `at` on
    void apply(byte[] plane, int from, int size, byte[] to, int at) {
        for (int y = 0; y < size; y++) {
            int row = flipped ? size - 1 - y : y;
            for (int x = 0; x < size; x++) {
                int column = mirrored ? size - 1 - x : x;
                to[at + y * size + x] = plane[from + (transposed ? column * size + row : row * size + column)];
            }
        }
    }
}
