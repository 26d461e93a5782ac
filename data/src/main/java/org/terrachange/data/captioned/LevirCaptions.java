package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.retrieval.JsonFile;
import tools.jackson.databind.JsonNode;

/// Reads LEVIR-CC and LEVIR-MCI: `LevirCCcaptions.json` holds `images[]` with `filepath` (the folder of the split),
/// `filename`, `split`, `changeflag` and `sentences[].raw`; here also `scene` and `gsd_m`, where they are present.
final class LevirCaptions {
    private static final String CAPTIONS = "LevirCCcaptions.json";
    /// Of LEVIR-CC's images, unless an entry states another.
    private static final double METRES_PER_PIXEL = 0.5;

    private LevirCaptions() {}

    /// @param masks whether the masks of LEVIR-MCI are wanted in place of the sentences
    static List<CaptionedPair> pairs(Path root, String split, boolean masks) throws IOException {
        Path file = root.resolve(CAPTIONS);
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(
                    root,
                    "holds no " + CAPTIONS + "; expected it beside images/{split}/{A,B}, as LEVIR-CC is published");
        }
        JsonNode document = JsonFile.read(file);
        if (!document.path("images").isArray()) {
            throw new DatasetException(file, "has no list named images; expected LEVIR-CC's captions");
        }
        List<CaptionedPair> pairs = new ArrayList<>();
        for (JsonNode entry : document.path("images")) {
            if (entry.path("split").asString("").equals(split)) {
                pairs.add(pair(root, file, split, entry, masks));
            }
        }
        if (pairs.isEmpty()) {
            throw new DatasetException(file, "has no pair of the split \"" + split + "\"");
        }
        return List.copyOf(pairs);
    }

    private static CaptionedPair pair(Path root, Path file, String split, JsonNode entry, boolean masks)
            throws DatasetException {
        String name = entry.path("filename").asString("");
        if (name.isEmpty() || name.contains("/") || name.contains("\\")) {
            throw new DatasetException(file, "has an entry whose filename is \"" + name + "\"");
        }
        Path folder = root.resolve("images").resolve(split);
        Path before = image(folder.resolve("A"), name, file);
        Path after = image(folder.resolve("B"), name, file);
        String id = stem(name);
        Truth truth =
                masks ? new Truth.ClassMask(image(folder.resolve("label"), name, file)) : sentences(file, name, entry);
        return new CaptionedPair(
                id,
                entry.path("scene").asString(id),
                before,
                after,
                truth,
                OptionalDouble.of(entry.path("gsd_m").asDouble(METRES_PER_PIXEL)));
    }

    private static Truth sentences(Path file, String name, JsonNode entry) throws DatasetException {
        List<String> sentences = new ArrayList<>();
        for (JsonNode sentence : entry.path("sentences")) {
            String raw = sentence.path("raw").asString("").strip();
            if (raw.isEmpty()) {
                throw new DatasetException(file, "has an empty sentence for " + name + "; remove it");
            }
            sentences.add(raw);
        }
        if (sentences.isEmpty()) {
            throw new DatasetException(file, "has no sentence for " + name);
        }
        JsonNode flag = entry.path("changeflag");
        if (!flag.isNumber()) {
            throw new DatasetException(file, "does not say for " + name + " whether it changed (changeflag, 0 or 1)");
        }
        return new Truth.Sentences(sentences, flag.asInt() != 0);
    }

    /// An image by its name, or by its name with another ending: masks are PNG where images are JPEG.
    private static Path image(Path folder, String name, Path captions) throws DatasetException {
        Path exact = folder.resolve(name);
        if (Files.isRegularFile(exact)) {
            return exact;
        }
        for (String ending : List.of(".png", ".jpg", ".jpeg", ".tif", ".tiff")) {
            Path other = folder.resolve(stem(name) + ending);
            if (Files.isRegularFile(other)) {
                return other;
            }
        }
        throw new DatasetException(exact, "is missing, though " + captions + " names it; is the download complete?");
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
