package org.terrachange.spark.detection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.terrachange.detect.scene.TileRows;
import org.terrachange.spark.fleet.Fleet;
import org.terrachange.spark.fleet.LoadedModels;
import org.terrachange.spark.input.CataloguePair;
import org.terrachange.spark.input.DetectorSource;
import org.terrachange.spark.output.OutputFolder;
import org.terrachange.spark.output.PairFolders;

/// Detects change in every pair of a catalogue: the files of each, as a single detection writes them, in a folder of
/// its own, and one table of all.
///
/// Work goes out in three rounds. First each pair is a task; one whose scene is larger than a task shall be only
/// says so. Then each band of these is a task, and last the making of their files. A pair that fails is a row of the
/// table that says why. What was done for the same inputs and settings is passed over, bands included.
public final class BatchDetection {
    /// Rows of tiles that one task detects as a rule. A band runs one row more, an eighth of its work.
    public static final int DEFAULT_BAND_ROWS = 8;

    /// The table of all pairs.
    public static final String TABLE = "results.parquet";

    private final Fleet fleet;
    private final DetectSettings settings;
    private final DetectorSource detector;
    private final int bandRows;
    private final Listener listener;

    /// Hears how it goes.
    public interface Listener {
        /// @param round what is being done, such as `detect`
        void progress(String round, long done, long of);

        /// A pair that failed.
        void failed(String pair, String reason);
    }

    /// What a run did.
    ///
    /// @param done pairs that were detected
    /// @param present pairs that had been before
    /// @param failed pairs that could not be
    /// @param bands tasks in which large scenes were detected
    public record Outcome(long done, long present, long failed, long bands) {}

    /// @param bandRows most rows of tiles that one task detects, at least 1
    public BatchDetection(
            Fleet fleet, DetectSettings settings, DetectorSource detector, int bandRows, Listener listener) {
        if (bandRows < 1) {
            throw new IllegalArgumentException("a band has at least one row of tiles, got " + bandRows);
        }
        this.fleet = fleet;
        this.settings = settings;
        this.detector = detector;
        this.bandRows = bandRows;
        this.listener = listener;
    }

    /// Brings a folder up to date with a catalogue.
    ///
    /// @throws org.terrachange.data.pairs.DatasetException if the catalogue cannot be understood
    /// @throws org.terrachange.nn.checkpoint.CheckpointException if the detector cannot be loaded
    /// @throws org.terrachange.raster.RasterException if another run writes into the folder, or the table would
    ///     take the place of the catalogue
    /// @throws InterruptedException if the calling thread is interrupted; another run goes on from there
    public Outcome run(Path catalogue, Path folder) throws IOException, InterruptedException {
        List<PairTask> tasks = tasks(catalogue);
        OutputFolder.requireOther(catalogue, folder.resolve(TABLE));
        // A checkpoint that cannot be read is one failure, not one of every pair.
        LoadedModels.use(detector, _ -> true);
        try (OutputFolder out = OutputFolder.hold(folder)) {
            PairDetection work = new PairDetection(out.root().toString(), settings, detector, bandRows);
            Map<String, PairResult> results = new HashMap<>();
            List<PairTask.Looked> large = look(work, tasks, results);
            List<PairTask.Band> bands = new ArrayList<>();
            for (PairTask.Looked scene : large) {
                for (TileRows rows : work.bands(scene.tileRows())) {
                    bands.add(new PairTask.Band(scene.task(), rows.from(), rows.to()));
                }
            }
            detectBands(work, bands, results);
            finish(work, large, results);
            List<PairResult> rows =
                    tasks.stream().map(task -> results.get(task.pair().id())).toList();
            ResultTable.write(out.root().resolve(TABLE), rows);
            long failed = rows.stream().filter(row -> row.error() != null).count();
            long present = rows.stream().filter(PairResult::present).count();
            return new Outcome(rows.size() - failed - present, present, failed, bands.size());
        }
    }

    private static List<PairTask> tasks(Path catalogue) throws IOException, InterruptedException {
        List<PairTask> tasks = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (CataloguePair pair : CataloguePair.all(catalogue)) {
            String folder = PairFolders.name(pair.id());
            if (!taken.add(folder)) {
                throw new IOException(catalogue + ": the pair \"" + pair.id()
                        + "\" has an id that another has too, or one so like it that both get the folder " + folder);
            }
            tasks.add(new PairTask(pair, folder));
        }
        return tasks;
    }

    /// @return scenes that are to be detected in bands
    private List<PairTask.Looked> look(PairDetection work, List<PairTask> tasks, Map<String, PairResult> results)
            throws IOException, InterruptedException {
        List<PairTask.Looked> large = new ArrayList<>();
        long[] done = {0};
        fleet.run(tasks, work::look, looked -> {
            if (looked.result() == null) {
                large.add(looked);
            } else {
                take(looked.result(), results);
            }
            listener.progress("detect", ++done[0], tasks.size());
        });
        return large;
    }

    private void detectBands(PairDetection work, List<PairTask.Band> bands, Map<String, PairResult> results)
            throws IOException, InterruptedException {
        long[] done = {0};
        fleet.run(bands, work::detectBand, answer -> {
            String error = answer.error();
            PairTask task = answer.band().task();
            if (error != null && !results.containsKey(task.pair().id())) {
                take(PairResult.failed(task, error), results);
            }
            listener.progress("large scenes, by bands", ++done[0], bands.size());
        });
    }

    private void finish(PairDetection work, List<PairTask.Looked> large, Map<String, PairResult> results)
            throws IOException, InterruptedException {
        List<PairTask.Looked> whole = large.stream()
                .filter(scene -> !results.containsKey(scene.task().pair().id()))
                .toList();
        long[] done = {0};
        fleet.run(whole, work::finish, result -> {
            take(result, results);
            listener.progress("files of large scenes", ++done[0], whole.size());
        });
    }

    private void take(PairResult result, Map<String, PairResult> results) {
        results.put(result.pair().id(), result);
        String error = result.error();
        if (error != null) {
            listener.failed(result.pair().id(), error);
        }
    }
}
