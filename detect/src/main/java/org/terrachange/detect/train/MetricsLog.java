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

/// The validation scores of a run, one JSON object a line in `metrics.jsonl`.
final class MetricsLog {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;
    private final List<Point> points = new ArrayList<>();

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
            double f1AtHalf) {}

    /// @param step where the run begins or goes on; lines of later steps, left by a run that got further
    ///     before it was cut off, are dropped, since they will be written again
    MetricsLog(Path folder, long step) throws IOException {
        file = folder.resolve("metrics.jsonl");
        if (!Files.exists(file)) {
            return;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            try {
                Point point = JSON.readValue(line, Point.class);
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

    void append(Point point) throws IOException {
        points.add(point);
        Files.writeString(file, line(point), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    List<Point> points() {
        return List.copyOf(points);
    }

    private static String line(Point point) {
        return JSON.writeValueAsString(point) + "\n";
    }
}
