package org.terrachange.search.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.terrachange.raster.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A folder of indexes, its shards, that are searched as one archive. Each is an index in the folder
/// `shard-00000` and so on; `archive.json`, written last, says how many belong to it.
///
/// @param folder that holds them
/// @param count of shards, at least 1
/// @param reference what cosines unrelated texts have with changes of all shards, where that was measured
public record ShardedArchive(Path folder, int count, Optional<ScoreReference> reference) {
    private static final String FILE = "archive.json";
    private static final String FORMAT = "terrachange-shards-1";
    private static final Pattern SHARD = Pattern.compile("shard-\\d{5,}");

    public ShardedArchive {
        if (count < 1) {
            throw new IllegalArgumentException("an archive has at least one shard, got " + count);
        }
    }

    /// The file in a folder that says how many shards belong together.
    public static Path description(Path folder) {
        return folder.resolve(FILE);
    }

    /// The folder of one shard.
    ///
    /// @param number from 0
    public static Path shard(Path folder, int number) {
        return folder.resolve(String.format(Locale.ROOT, "shard-%05d", number));
    }

    /// The folders of its shards.
    public List<Path> shards() {
        return IntStream.range(0, count).mapToObj(i -> shard(folder, i)).toList();
    }

    /// What shards lie in a folder that belong to no archive, such as those of a longer one before.
    public List<Path> strangers() throws IOException {
        List<Path> own = shards();
        try (var entries = Files.list(folder)) {
            return entries.filter(entry ->
                            SHARD.matcher(entry.getFileName().toString()).matches() && !own.contains(entry))
                    .toList();
        }
    }

    /// The archive that a folder holds; empty where it holds none.
    ///
    /// @throws IndexException if its description is damaged
    public static Optional<ShardedArchive> of(Path folder) throws IOException {
        Path file = description(folder);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
            if (!json.path("format").asString("").equals(FORMAT)) {
                throw new IndexException(folder, "has an archive.json that this program does not know");
            }
            String reference = json.path("reference").asString("");
            return Optional.of(new ShardedArchive(
                    folder,
                    json.path("shards").asInt(),
                    reference.isEmpty() ? Optional.empty() : Optional.of(ScoreReference.parse(reference))));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IndexException(folder, "its archive.json is damaged; run terrachange batch embed again", e);
        }
    }

    /// Makes an archive of shards that are whole: measures what chance scores in all of them together, and writes
    /// the description.
    ///
    /// @param unrelated vectors of texts that have nothing to do with the archive; may be empty
    /// @throws IndexException if a shard is missing, damaged or of another model
    public static ShardedArchive unite(Path folder, int count, ModelFingerprint model, List<float[]> unrelated)
            throws IOException {
        Optional<ScoreReference> reference = Optional.empty();
        ShardedArchive parts = new ShardedArchive(folder, count, reference);
        List<float[]> directions = unrelated.stream()
                .map(vector -> UnitVectors.of(vector, model.dimension()))
                .toList();
        try (OpenShards open = OpenShards.of(parts.shards())) {
            IndexFolder.requireModel(folder, open.model(), model);
            List<float[]> sample = directions.isEmpty() ? List.of() : VectorSample.of(open.reader(), model.dimension());
            if (!sample.isEmpty()) {
                reference = Optional.of(ScoreReference.of(directions, sample));
            }
        }
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("format", FORMAT);
        json.put("shards", count);
        reference.ifPresent(chance -> json.put("reference", chance.toMetadata()));
        AtomicFile.write(description(folder), file -> Files.writeString(file, json + System.lineSeparator()));
        return new ShardedArchive(folder, count, reference);
    }
}
