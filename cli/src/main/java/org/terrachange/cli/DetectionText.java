package org.terrachange.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.terrachange.detect.report.DetectionSummary;

/// The headline numbers of a detection, for people.
final class DetectionText {
    private DetectionText() {}

    /// A few lines that say what was found, how, and where the files are.
    static String of(DetectionSummary summary, Path folder) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "changed",
                String.format(
                        Locale.ROOT, "%.2f %% of %,d pixels", 100 * summary.changedShare(), summary.validPixels()));
        line(text, "polygons", String.format(Locale.ROOT, "%,d", summary.polygons()) + area(summary));
        line(
                text,
                "model",
                summary.model() + ", " + summary.precision()
                        + String.format(Locale.ROOT, ", threshold %.2f", summary.threshold()));
        line(
                text,
                "scene",
                String.format(Locale.ROOT, "%,d x %,d pixels", summary.width(), summary.height()) + " in "
                        + Durations.words(summary.seconds()));
        for (String file : summary.files()) {
            String label = file.equals(summary.files().getFirst()) ? "files" : "";
            line(text, label, folder.resolve(file).toString());
        }
        return text.toString();
    }

    private static String area(DetectionSummary summary) {
        return summary.changedSquareMetres().isPresent()
                ? String.format(
                        Locale.ROOT, ", %,.0f m2", summary.changedSquareMetres().getAsDouble())
                : "";
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format(Locale.ROOT, "%-10s", label)).append(value).append(System.lineSeparator());
    }
}
