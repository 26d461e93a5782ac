package org.terrachange.data.views;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.terrachange.data.pairs.DatasetException;

/// Finds unlabelled images in folders of any layout.
///
/// Two files of one name in sibling folders `A` and `B` are two dates of one place, as in the layout of LEVIR-CD.
/// Folders that hold labels by their name (`label`, `labels`, `mask`, `masks`, `gt`) are passed over.
public final class ImageFolder {
    private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "tif", "tiff");
    private static final Set<String> LABELS = Set.of("label", "labels", "mask", "masks", "gt", "target", "targets");

    private ImageFolder() {}

    /// Every place under a folder, in the order of the files' paths.
    ///
    /// @throws DatasetException if there is no image
    public static List<Place> places(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new DatasetException(root, "is not a folder");
        }
        List<Path> images;
        try (Stream<Path> files = Files.walk(root)) {
            images = files.filter(file -> isImage(root, file)).sorted().toList();
        }
        Set<Path> known = Set.copyOf(images);
        List<Place> places = new ArrayList<>();
        for (Path image : images) {
            if (isIn(image, "A") && known.contains(other(image, "B"))) {
                places.add(new Place(List.of(image, other(image, "B"))));
            } else if (!(isIn(image, "B") && known.contains(other(image, "A")))) {
                places.add(new Place(List.of(image)));
            }
        }
        if (places.isEmpty()) {
            throw new DatasetException(root, "no image under this folder (looked for png, jpg and tif)");
        }
        return List.copyOf(places);
    }

    private static boolean isImage(Path root, Path file) {
        String name = String.valueOf(file.getFileName());
        for (Path part : root.relativize(file)) {
            if (LABELS.contains(part.toString().toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return Files.isRegularFile(file)
                && EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean isIn(Path image, String folder) {
        Path parent = image.getParent();
        return parent != null && parent.endsWith(folder);
    }

    private static Path other(Path image, String folder) {
        return image.resolveSibling(Path.of("..", folder, String.valueOf(image.getFileName())))
                .normalize();
    }
}
