package org.terrachange.data.pairs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Finds labelled pairs in the layout of LEVIR-CD: `{split}/{A,B,label}`, or flat `{A,B,label}` with the names
/// of each split in `list/{split}.txt`. Files of a pair share their name; extensions may differ (PNG, JPEG, TIFF).
public final class PairFolder {
    private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "tif", "tiff");

    private PairFolder() {}

    /// The pairs of a split, in the order of their names (or of the list file).
    ///
    /// @param split such as `train`, `val`, `test`; `all` takes every pair of a flat folder
    /// @throws DatasetException if the folder has another layout, lacks the split, or a file has no partner
    public static List<LabelledPair> read(Path root, String split) throws IOException {
        Path nested = root.resolve(split);
        if (Files.isDirectory(nested.resolve("A"))) {
            return pairs(nested, Optional.empty());
        }
        if (!Files.isDirectory(root.resolve("A"))) {
            throw new DatasetException(
                    root,
                    "neither " + split + "/A nor A is a folder here; expected {split}/{A,B,label} or {A,B,label} with"
                            + " list/{split}.txt");
        }
        if (split.equals("all")) {
            return pairs(root, Optional.empty());
        }
        Path list = root.resolve("list").resolve(split + ".txt");
        if (!Files.isRegularFile(list)) {
            throw new DatasetException(
                    root,
                    "a flat folder needs list/" + split + ".txt to know its split; use the split \"all\" for every"
                            + " pair");
        }
        List<String> names = Files.readAllLines(list, StandardCharsets.UTF_8).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(PairFolder::stem)
                .toList();
        return pairs(root, Optional.of(names));
    }

    private static List<LabelledPair> pairs(Path folder, Optional<List<String>> wanted) throws IOException {
        Map<String, Path> before = images(folder.resolve("A"));
        Map<String, Path> after = images(folder.resolve("B"));
        Map<String, Path> label = images(folder.resolve("label"));
        List<LabelledPair> pairs = new ArrayList<>();
        for (String name : wanted.orElseGet(() -> List.copyOf(before.keySet()))) {
            pairs.add(new LabelledPair(
                    name,
                    partner(folder, "A", name, before),
                    partner(folder, "B", name, after),
                    partner(folder, "label", name, label)));
        }
        if (pairs.isEmpty()) {
            throw new DatasetException(folder, "no image in A (looked for png, jpg and tif)");
        }
        return List.copyOf(pairs);
    }

    private static Path partner(Path folder, String part, String name, Map<String, Path> files)
            throws DatasetException {
        Path file = files.get(name);
        if (file == null) {
            throw new DatasetException(folder, "\"" + name + "\" has no image in " + part);
        }
        return file;
    }

    private static Map<String, Path> images(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new DatasetException(folder, "is not a folder");
        }
        Map<String, Path> byStem = new TreeMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = file.getFileName().toString();
                String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
                if (EXTENSIONS.contains(extension)) {
                    Path other = byStem.put(stem(name), file);
                    if (other != null) {
                        throw new DatasetException(
                                folder, "holds both " + other.getFileName() + " and " + name + ": keep one");
                    }
                }
            }
        }
        return byStem;
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))
                ? name.substring(0, dot)
                : name;
    }
}
