package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.data.pairs.DatasetException;

/// Reads S2Looking: `{split}/{Image1,Image2,label1,label2}`, where `label1` marks what was newly built and
/// `label2` what was demolished. Its scenes have 0.5 to 0.8 metres to the pixel, and do not say how many.
final class S2Looking {
    private S2Looking() {}

    static List<CaptionedPair> pairs(Path root, String split) throws IOException {
        Path folder = split.equals("all") ? root : root.resolve(split);
        Path first = folder.resolve("Image1");
        if (!Files.isDirectory(first)) {
            throw new DatasetException(
                    root,
                    "has no folder " + root.relativize(first) + "; expected {split}/{Image1,Image2,label1,label2}");
        }
        List<Path> images;
        try (var files = Files.list(first)) {
            images = files.filter(file -> file.getFileName().toString().endsWith(".png"))
                    .sorted()
                    .toList();
        }
        List<CaptionedPair> pairs = new ArrayList<>();
        for (Path before : images) {
            String name = before.getFileName().toString();
            String id = name.substring(0, name.length() - ".png".length());
            pairs.add(new CaptionedPair(
                    id,
                    id,
                    before,
                    partner(folder.resolve("Image2").resolve(name), before),
                    new Truth.BuiltAndDemolished(
                            partner(folder.resolve("label1").resolve(name), before),
                            partner(folder.resolve("label2").resolve(name), before)),
                    OptionalDouble.empty()));
        }
        if (pairs.isEmpty()) {
            throw new DatasetException(first, "holds no png image");
        }
        return List.copyOf(pairs);
    }

    private static Path partner(Path file, Path before) throws DatasetException {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(
                    file, "is missing, the partner of " + before + "; expected {split}/{Image1,Image2,label1,label2}");
        }
        return file;
    }
}
