package org.terrachange.detect.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.terrachange.raster.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a run measured as it went on, one JSON object a line in `metrics.jsonl`.
///
/// @param <P> what is measured at a time
public final class MetricsLog<P extends MetricsLog.Entry> {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;
    private final List<P> points = new ArrayList<>();

    /// Measured at one time.
    public interface Entry {
        /// Number of optimizer steps before it.
        long step();
    }

    /// One validation.
    ///
    /// @param step number of optimizer steps before it
    /// @param crops training crops seen
    /// @param learningRate of the last step
    /// @param loss mean over the steps since the validation before
    /// @param threshold at which the scores are highest, and hold
    /// @param precision of the change class
    /// @param recall of the change class
    /// @param f1 of the change class
    /// @param iou of the change class
    /// @param f1AtHalf F1 at threshold 0.5
    /// @param waitedShare share of the time between two validations that the network waited for crops
    record Point(
            long step,
            long crops,
            double learningRate,
            double loss,
            double threshold,
            double precision,
            double recall,
            double f1,
            double iou,
            double f1AtHalf,
            double waitedShare)
            implements Entry {}

    /// @param step where the run begins or goes on; lines of later steps, left by a run that got further
    ///     before it was cut off, are dropped, since they will be written again
    /// @param type of the entries, a record
    public MetricsLog(Path folder, long step, Class<P> type) throws IOException {
        file = folder.resolve("metrics.jsonl");
        if (!Files.exists(file)) {
            return;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            try {
                P point = JSON.readValue(line, type);
                if (point.step() <= step) {
                    points.add(point);
                }
            } catch (JacksonException _) {
                // The last line of a run that was killed while it wrote; its validation comes again.
            }
        }
        StringBuilder kept = new StringBuilder();
        points.forEach(point -> kept.append(line(point)));
        AtomicFile.write(file, temporary -> Files.writeString(temporary, kept));
    }

    /// Adds a line.
    public void append(P point) throws IOException {
        points.add(point);
        Files.writeString(file, line(point), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// The entries so far, in order.
    public List<P> points() {
        return List.copyOf(points);
    }

    private static String line(Object point) {
        return JSON.writeValueAsString(point) + "\n";
    }
}
