package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.data.pairs.DatasetException;

/// Reads xBD: `{split}/images/{event}_{number}_{pre,post}_disaster.png` with polygons of the same names in
/// `labels/*.json`; the variant with GeoTIFFs ends in `.tif`.
final class Xbd {
    private static final String BEFORE = "_pre_disaster";
    private static final String AFTER = "_post_disaster";

    private Xbd() {}

    static List<CaptionedPair> pairs(Path root, String split) throws IOException {
        Path folder = split.equals("all") ? root : root.resolve(split);
        Path images = folder.resolve("images");
        if (!Files.isDirectory(images)) {
            throw new DatasetException(
                    root,
                    "has no folder " + root.relativize(images)
                            + "; expected {split}/{images,labels}, or the split \"all\" for {images,labels}");
        }
        List<Path> later;
        try (var files = Files.list(images)) {
            later = files.filter(file -> file.getFileName().toString().matches(".+" + AFTER + "\\.(png|tif)"))
                    .sorted()
                    .toList();
        }
        List<CaptionedPair> pairs = new ArrayList<>();
        for (Path after : later) {
            String name = after.getFileName().toString();
            String id = name.substring(0, name.lastIndexOf(AFTER));
            Path before = images.resolve(name.replace(AFTER, BEFORE));
            Path labels = folder.resolve("labels").resolve(name.substring(0, name.lastIndexOf('.')) + ".json");
            for (Path partner : List.of(before, labels)) {
                if (!Files.isRegularFile(partner)) {
                    throw new DatasetException(partner, "is missing, the partner of " + after);
                }
            }
            pairs.add(
                    new CaptionedPair(id, id, before, after, new Truth.DamagePolygons(labels), OptionalDouble.empty()));
        }
        if (pairs.isEmpty()) {
            throw new DatasetException(images, "holds no image named {event}_{number}" + AFTER + ".png");
        }
        return List.copyOf(pairs);
    }
}
