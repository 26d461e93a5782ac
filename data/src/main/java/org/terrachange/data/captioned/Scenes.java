package org.terrachange.data.captioned;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells from a tile's name which scene it was cut from: `test_7-2-3`, `test_7_2_3` and `test_7` are all of
/// `test_7`.
final class Scenes {
    private static final Pattern TILE = Pattern.compile("(.*?)[-_](\\d{1,2})[-_](\\d{1,2})");

    private Scenes() {}

    static String of(String name) {
        Matcher tile = TILE.matcher(name);
        return tile.matches() ? tile.group(1) : name;
    }
}
