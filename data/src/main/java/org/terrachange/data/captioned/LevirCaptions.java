package org.terrachange.data.captioned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.JsonFile;
import tools.jackson.databind.JsonNode;

/// Reads LEVIR-CC and LEVIR-MCI: `LevirCCcaptions.json` holds `images[]` with `filepath` (the folder of the
/// split), `filename`, `split`, `changeflag` and `sentences[].raw`; here also `scene` and `gsd_m`, where they
/// are present.
public final class LevirCaptions {
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
        List<CaptionedPair> pairs = new ArrayList<>();
        for (JsonNode entry : entries(file, split)) {
            pairs.add(pair(root, file, split, entry, masks));
        }
        return List.copyOf(pairs);
    }

    /// What is said of the pairs of a split, without their images.
    ///
    /// @param file of the schema of `LevirCCcaptions.json`
    /// @return in the order of the file
    /// @throws DatasetException if the file is damaged, has no pair of the split, or one without sentences
    public static List<CaptionedSample> samples(Path file, String split) throws IOException {
        List<CaptionedSample> samples = new ArrayList<>();
        for (JsonNode entry : entries(file, split)) {
            String id = stem(name(file, entry));
            Truth.Sentences said = sentences(file, id, entry);
            samples.add(new CaptionedSample(id, entry.path("scene").asString(id), said.changed(), said.sentences()));
        }
        return List.copyOf(samples);
    }

    private static List<JsonNode> entries(Path file, String split) throws IOException {
        JsonNode document = JsonFile.read(file);
        if (!document.path("images").isArray()) {
            throw new DatasetException(file, "has no list named images; expected LEVIR-CC's captions");
        }
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode entry : document.path("images")) {
            if (entry.path("split").asString("").equals(split)) {
                entries.add(entry);
            }
        }
        if (entries.isEmpty()) {
            throw new DatasetException(file, "has no pair of the split \"" + split + "\"");
        }
        return entries;
    }

    private static String name(Path file, JsonNode entry) throws DatasetException {
        String name = entry.path("filename").asString("");
        if (name.isEmpty() || name.contains("/") || name.contains("\\")) {
            throw new DatasetException(file, "has an entry whose filename is \"" + name + "\"");
        }
        return name;
    }

    private static CaptionedPair pair(Path root, Path file, String split, JsonNode entry, boolean masks)
            throws DatasetException {
        String name = name(file, entry);
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

    private static Truth.Sentences sentences(Path file, String name, JsonNode entry) throws DatasetException {
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
