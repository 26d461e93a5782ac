package org.terrachange.data.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.terrachange.data.pairs.DatasetException;

/// Pairs in folders: two sister folders that hold the dates under equal names (`A` and `B`, `before` and
/// `after`, `pre` and `post`, `T1` and `T2`, `Image1` and `Image2`, `im1` and `im2`), at any depth; or files
/// side by side whose names end in such a pair of words (`x_before.tif`, `x_after.tif`; `x_pre_disaster.png`,
/// `x_post_disaster.png`).
///
/// A pair is named by its place below the folder, without its ending. Hidden folders are passed over.
record FolderCatalogue(Path root) implements Catalogue {
    private static final int DEEPEST = 6;

    /// Every ext4 disk has one, which only its administrator may read.
    private static final String LOST_AND_FOUND = "lost+found";

    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "tif", "tiff", "vrt", "jp2");
    private static final Map<String, String> PARTNERS = Map.of(
            "a", "b",
            "before", "after",
            "pre", "post",
            "pre_disaster", "post_disaster",
            "t1", "t2",
            "image1", "image2",
            "im1", "im2");

    @Override
    public void forEach(Consumer consumer) throws IOException, InterruptedException {
        Map<String, String> seen = new HashMap<>();
        long pairs = visit(root, 0, entry -> {
            String other = seen.put(entry.id(), entry.before());
            if (other != null) {
                throw new DatasetException(
                        root,
                        "holds two pairs of the name \"" + entry.id() + "\", one with " + other + " and one with "
                                + entry.before() + "; move one of them to a folder of its own");
            }
            consumer.accept(entry);
        });
        if (pairs == 0) {
            throw new DatasetException(
                    root,
                    "holds no pairs; expected folders such as A and B, before and after, with equal names in them, or"
                            + " files such as x_before.tif and x_after.tif");
        }
    }

    /// @return number of pairs
    private long visit(Path folder, int depth, Consumer consumer) throws IOException, InterruptedException {
        TreeMap<String, Path> folders = new TreeMap<>();
        TreeMap<String, Path> images = new TreeMap<>();
        try (var entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries.sorted()::iterator) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry)) {
                    if (name.startsWith(".") || name.equals(LOST_AND_FOUND)) {
                        continue;
                    }
                    folders.put(name.toLowerCase(Locale.ROOT), entry);
                } else if (ENDINGS.contains(ending(name))) {
                    images.put(stem(name), entry);
                }
            }
        }
        long pairs = 0;
        for (PairEntry entry : sideBySide(images)) {
            consumer.accept(entry);
            pairs++;
        }
        for (Map.Entry<String, Path> sub : folders.entrySet()) {
            String partner = PARTNERS.get(sub.getKey());
            if (partner != null && folders.containsKey(partner)) {
                for (PairEntry entry : sisters(folder, sub.getValue(), folders.get(partner))) {
                    consumer.accept(entry);
                    pairs++;
                }
            } else if (depth < DEEPEST && !isLaterSister(sub.getKey(), folders)) {
                pairs += visit(sub.getValue(), depth + 1, consumer);
            }
        }
        return pairs;
    }

    private static boolean isLaterSister(String name, Map<String, Path> folders) {
        return PARTNERS.entrySet().stream()
                .anyMatch(words -> words.getValue().equals(name) && folders.containsKey(words.getKey()));
    }

    private List<PairEntry> sideBySide(Map<String, Path> images) {
        List<PairEntry> pairs = new ArrayList<>();
        for (Map.Entry<String, Path> image : images.entrySet()) {
            for (Map.Entry<String, String> words : PARTNERS.entrySet()) {
                String name = image.getKey();
                String tail = "_" + words.getKey();
                if (!name.toLowerCase(Locale.ROOT).endsWith(tail)) {
                    continue;
                }
                String common = name.substring(0, name.length() - tail.length());
                images.entrySet().stream()
                        .filter(other -> other.getKey().equalsIgnoreCase(common + "_" + words.getValue()))
                        .findFirst()
                        .ifPresent(other -> pairs.add(PairEntry.of(
                                named(image.getValue().resolveSibling(common)),
                                image.getValue().toString(),
                                other.getValue().toString())));
            }
        }
        return pairs;
    }

    private List<PairEntry> sisters(Path folder, Path earlier, Path later) throws IOException {
        TreeMap<String, Path> before = images(earlier);
        TreeMap<String, Path> after = images(later);
        List<PairEntry> pairs = new ArrayList<>();
        for (Map.Entry<String, Path> image : before.entrySet()) {
            Path partner = after.remove(image.getKey());
            if (partner == null) {
                throw new DatasetException(image.getValue(), "has no partner in " + later);
            }
            pairs.add(PairEntry.of(
                    named(folder.resolve(image.getKey())), image.getValue().toString(), partner.toString()));
        }
        if (!after.isEmpty()) {
            throw new DatasetException(after.firstEntry().getValue(), "has no partner in " + earlier);
        }
        return pairs;
    }

    private static TreeMap<String, Path> images(Path folder) throws IOException {
        TreeMap<String, Path> images = new TreeMap<>();
        try (var entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries.sorted()::iterator) {
                String name = entry.getFileName().toString();
                if (ENDINGS.contains(ending(name))) {
                    Path other = images.put(stem(name), entry);
                    if (other != null) {
                        throw new DatasetException(
                                folder, "holds both " + other.getFileName() + " and " + name + ": keep one");
                    }
                }
            }
        }
        return images;
    }

    private String named(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
