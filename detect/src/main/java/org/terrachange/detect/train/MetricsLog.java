package org.terrachange.detect.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.evaluate.ScoreHistogram;

/// The validation scores of a run, one JSON object a line in `metrics.jsonl`.
final class MetricsLog {
    private final Path file;

    /// @param step where the run begins or goes on; lines of later steps, left by a run that got further before it was
    ///     cut off, are dropped, since they will be written again
    MetricsLog(Path folder, long step) throws IOException {
        file = folder.resolve("metrics.jsonl");
        if (!Files.exists(file)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.endsWith("}") && stepOf(line) <= step) {
                kept.add(line);
            }
        }
        Path temporary = folder.resolve("metrics.jsonl.part");
        Files.write(temporary, kept, StandardCharsets.UTF_8);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long stepOf(String line) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1, line.indexOf(',')).strip());
    }

    void append(long step, double rate, double loss, ScoreHistogram scores, double threshold) throws IOException {
        Confusion best = scores.at(threshold);
        String line = String.format(
                Locale.ROOT,
                "{\"step\": %d, \"time\": \"%s\", \"learning_rate\": %.6g, \"loss\": %.5f, \"threshold\": %.2f,"
                        + " \"precision\": %.5f, \"recall\": %.5f, \"f1\": %.5f, \"iou\": %.5f, \"f1_at_0.5\": %.5f}%n",
                step,
                java.time.Instant.now(),
                rate,
                loss,
                threshold,
                best.precision(),
                best.recall(),
                best.f1(),
                best.iou(),
                scores.at(0.5).f1());
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
