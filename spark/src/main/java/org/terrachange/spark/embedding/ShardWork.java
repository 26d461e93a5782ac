package org.terrachange.spark.embedding;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.AtomicFile;
import org.terrachange.search.archive.EntryEmbedder;
import org.terrachange.search.index.ArchiveIndex;
import org.terrachange.search.index.EmbeddedChange;
import org.terrachange.search.index.ShardedArchive;
import org.terrachange.spark.fleet.LoadedModels;
import org.terrachange.spark.input.CataloguePair;
import org.terrachange.spark.input.DetectorSource;
import org.terrachange.spark.input.SearchModelSource;
import org.terrachange.spark.output.Attempt;
import org.terrachange.spark.output.Failures;
import org.terrachange.spark.output.PairFolders;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The making of one shard, as a worker does it.
///
/// @param root folder of the archive
/// @param detector that says what changed
/// @param model that makes the vectors
/// @param retry whether shards are made again in which a pair failed before
record ShardWork(String root, DetectorSource detector, SearchModelSource model, boolean retry) implements Serializable {
    /// The table of vectors in a shard.
    static final String VECTORS = "vectors.parquet";

    /// Beside the index of a shard: what it was made of.
    static final String RECORD = "shard.json";

    /// The pairs of a shard.
    ///
    /// @param number of the shard, from 0
    record Task(int number, List<CataloguePair> pairs) implements Serializable {}

    /// A pair that could not be read.
    record FailedPair(String pair, String reason) implements Serializable {}

    /// What became of a shard.
    ///
    /// @param present whether it had been made before
    record Made(int number, long pairs, long windows, List<FailedPair> failures, boolean present)
            implements Serializable {}

    /// @param stamp of inputs and models
    private record Finished(String stamp, Made made) {}

    Made make(Task task) throws IOException, InterruptedException {
        Path target = ShardedArchive.shard(Path.of(root), task.number());
        return LoadedModels.use(
                detector,
                network -> LoadedModels.use(model, tower -> {
                    EntryEmbedder embedder = new EntryEmbedder(tower, network);
                    String stamp = stamp(task, embedder);
                    Optional<Made> before = finished(target, stamp);
                    if (before.isPresent() && (before.get().failures().isEmpty() || !retry)) {
                        Made made = before.get();
                        return new Made(made.number(), made.pairs(), made.windows(), made.failures(), true);
                    }
                    try (Attempt attempt = new Attempt(Path.of(root), RECORD)) {
                        Made made = embedded(task, embedder, attempt.folder());
                        AtomicFile.write(
                                attempt.folder().resolve(RECORD),
                                file -> Files.writeString(
                                        file, JsonMapper.shared().writeValueAsString(new Finished(stamp, made))));
                        // With retry, what lies there has the same stamp and is to be replaced all the same.
                        attempt.place(
                                target,
                                folder -> !retry && finished(folder, stamp).isPresent());
                        return made;
                    }
                }));
    }

    private Made embedded(Task task, EntryEmbedder embedder, Path folder) throws IOException, InterruptedException {
        long windows = 0;
        List<FailedPair> failures = new ArrayList<>();
        // What chance scores is measured over all shards together.
        try (ArchiveIndex index = ArchiveIndex.open(folder, model.fingerprint(), List.of());
                VectorTable table = new VectorTable(folder.resolve(VECTORS))) {
            for (CataloguePair pair : task.pairs()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                @Nullable
                List<EmbeddedChange> changes = Failures.<@Nullable List<EmbeddedChange>>answered(
                        () -> embedder.changes(pair.entry(), _ -> {}), reason -> {
                            failures.add(new FailedPair(pair.id(), reason));
                            return null;
                        });
                if (changes == null) {
                    continue;
                }
                index.replace(pair.id(), embedder.stamp(pair.entry()), changes);
                for (EmbeddedChange change : changes) {
                    table.add(change);
                }
                windows += changes.size();
            }
            index.compact();
            index.commit();
        }
        return new Made(task.number(), task.pairs().size() - failures.size(), windows, failures, false);
    }

    private String stamp(Task task, EntryEmbedder embedder) throws InterruptedException {
        List<String> parts = new ArrayList<>(List.of(model.sha256(), model.precision(), detector.stamp()));
        for (CataloguePair pair : task.pairs()) {
            parts.add(pair.id());
            parts.add(Failures.answered(() -> embedder.stamp(pair.entry()), reason -> "unreadable: " + reason));
        }
        return PairFolders.digest(String.join("\n", parts));
    }

    private static Optional<Made> finished(Path folder, String stamp) throws IOException {
        Path file = folder.resolve(RECORD);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Finished finished = JsonMapper.shared().readValue(Files.readString(file), Finished.class);
            return stamp.equals(finished.stamp()) ? Optional.of(finished.made()) : Optional.empty();
        } catch (JacksonException _) {
            // Written by another version or by hand: the shard is made again.
            return Optional.empty();
        }
    }
}
