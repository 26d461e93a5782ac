package org.terrachange.spark.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.terrachange.search.index.ShardedArchive;
import org.terrachange.search.query.ArchiveSearch;
import org.terrachange.spark.fleet.FileTrees;
import org.terrachange.spark.fleet.Fleet;
import org.terrachange.spark.fleet.LoadedModels;
import org.terrachange.spark.input.CataloguePair;
import org.terrachange.spark.input.DetectorSource;
import org.terrachange.spark.input.SearchModelSource;
import org.terrachange.spark.output.Attempt;
import org.terrachange.spark.output.OutputFolder;

/// Makes an archive in shards of a catalogue. Each task makes one shard of as many pairs as follow each other in the
/// catalogue: an index, by the code that indexes on one machine, and its vectors as a table. A shard appears whole
/// or not at all; one that was made of the same pairs by the same models is kept.
public final class BatchEmbedding {
    /// Pairs of a shard as a rule.
    public static final int DEFAULT_SHARD_PAIRS = 1000;

    private final Fleet fleet;
    private final DetectorSource detector;
    private final SearchModelSource model;
    private final Listener listener;

    /// Hears how it goes.
    public interface Listener {
        void progress(long pairs, long of);

        /// A pair that could not be read and is left out.
        void failed(String pair, String reason);
    }

    /// What a run did.
    ///
    /// @param pairs in the archive
    /// @param windows in the archive
    /// @param failed pairs that could not be read
    /// @param shards of the archive
    /// @param present shards that had been made before
    public record Outcome(long pairs, long windows, long failed, int shards, int present) {}

    public BatchEmbedding(Fleet fleet, DetectorSource detector, SearchModelSource model, Listener listener) {
        this.fleet = fleet;
        this.detector = detector;
        this.model = model;
        this.listener = listener;
    }

    /// Brings an archive up to date with a catalogue.
    ///
    /// @param shardPairs how many pairs a shard has, at least 1; the same as before, or all shards are made again
    /// @param retry whether shards are made again in which a pair failed before
    /// @throws org.terrachange.data.pairs.DatasetException if the catalogue cannot be understood
    /// @throws org.terrachange.nn.checkpoint.CheckpointException if a model cannot be loaded
    /// @throws org.terrachange.raster.RasterException if another run writes into the folder, or something lies
    ///     where a shard belongs that is none
    /// @throws InterruptedException if the calling thread is interrupted; another run goes on from there
    public Outcome run(Path catalogue, Path folder, int shardPairs, boolean retry)
            throws IOException, InterruptedException {
        if (shardPairs < 1) {
            throw new IllegalArgumentException("a shard has at least one pair, got " + shardPairs);
        }
        List<CataloguePair> pairs = CataloguePair.all(catalogue);
        OutputFolder.requireOther(catalogue, ShardedArchive.description(folder));
        List<ShardWork.Task> tasks = new ArrayList<>();
        for (int from = 0; from < pairs.size(); from += shardPairs) {
            tasks.add(new ShardWork.Task(
                    tasks.size(), new ArrayList<>(pairs.subList(from, Math.min(pairs.size(), from + shardPairs)))));
        }
        LoadedModels.use(detector, _ -> true);
        List<float[]> unrelated = LoadedModels.use(model, ArchiveSearch::unrelated);
        try (OutputFolder out = OutputFolder.hold(folder)) {
            for (ShardWork.Task task : tasks) {
                Attempt.requireReplaceable(ShardedArchive.shard(out.root(), task.number()), ShardWork.RECORD);
            }
            ShardWork work = new ShardWork(out.root().toString(), detector, model, retry);
            List<ShardWork.Made> shards = new ArrayList<>();
            long[] done = {0};
            fleet.run(tasks, work::make, made -> {
                shards.add(made);
                made.failures().forEach(failure -> listener.failed(failure.pair(), failure.reason()));
                done[0] += tasks.get(made.number()).pairs().size();
                listener.progress(done[0], pairs.size());
            });
            ShardedArchive archive = ShardedArchive.unite(out.root(), tasks.size(), model.fingerprint(), unrelated);
            for (Path stranger : archive.strangers()) {
                if (Attempt.made(stranger, ShardWork.RECORD)) {
                    FileTrees.delete(stranger);
                }
            }
            return new Outcome(
                    shards.stream().mapToLong(ShardWork.Made::pairs).sum(),
                    shards.stream().mapToLong(ShardWork.Made::windows).sum(),
                    shards.stream().mapToLong(made -> made.failures().size()).sum(),
                    shards.size(),
                    (int) shards.stream().filter(ShardWork.Made::present).count());
        }
    }
}
