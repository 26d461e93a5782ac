package org.terrachange.data.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.terrachange.data.pairs.DatasetException;
import tools.jackson.databind.JsonNode;

/// The caption file of one split.
///
/// @param file where it was read from
/// @param identity what it states of `dataset`, `split` and `fingerprint`
/// @param samples in the order of the images
record CaptionFile(Path file, Map<String, String> identity, List<CaptionedSample> samples) {
    /// Reads a caption file. Files from elsewhere may hold a list in place of the object, may name it `images`,
    /// may lack `id` and `scene`, may say `changeflag` (0 or 1) in place of `changed`, and may give each
    /// sentence as an object with `raw`.
    ///
    /// @throws DatasetException if it is missing, is no such JSON, or has a sample without sentences
    static CaptionFile read(Path file) throws IOException {
        JsonNode root = JsonFile.read(file);
        JsonNode list =
                root.isArray() ? root : root.path("samples").isArray() ? root.path("samples") : root.path("images");
        if (!list.isArray()) {
            throw new DatasetException(file, "has no list named samples; is it a caption file?");
        }
        Map<String, String> identity = new HashMap<>();
        for (String key : List.of(RetrievalSet.DATASET, RetrievalSet.SPLIT, RetrievalSet.FINGERPRINT)) {
            Optional.ofNullable(root.get(key)).ifPresent(value -> identity.put(key, value.asString()));
        }
        List<CaptionedSample> samples = new ArrayList<>(list.size());
        Set<String> ids = new HashSet<>();
        for (JsonNode entry : list) {
            CaptionedSample sample = sample(file, entry, samples.size());
            if (!ids.add(sample.id())) {
                throw new DatasetException(file, "has two samples named \"" + sample.id() + "\"");
            }
            samples.add(sample);
        }
        return new CaptionFile(file, Map.copyOf(identity), List.copyOf(samples));
    }

    private static CaptionedSample sample(Path file, JsonNode entry, int index) throws DatasetException {
        String id = entry.path("id").asString(entry.path("filename").asString(Integer.toString(index)));
        String named = "sample " + index + " (" + id + ")";
        List<String> sentences = new ArrayList<>();
        for (JsonNode node : entry.path("sentences")) {
            String sentence =
                    (node.isObject() ? node.path("raw") : node).asString("").strip();
            if (sentence.isEmpty()) {
                throw new DatasetException(
                        file, named + " has an empty sentence; remove it or write the captions anew");
            }
            sentences.add(sentence);
        }
        if (sentences.isEmpty()) {
            throw new DatasetException(file, named + " has no sentences; write the captions anew");
        }
        // Where nothing is said, the pair counts as changed: it is then its own only match.
        boolean changed =
                entry.path("changed").asBoolean(entry.path("changeflag").asInt(1) != 0);
        return new CaptionedSample(id, entry.path("scene").asString(id), changed, sentences);
    }
}
