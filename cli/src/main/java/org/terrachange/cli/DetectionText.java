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
        line(text, "changed", "%.2f %% of %,d pixels", 100 * summary.changedShare(), summary.validPixels());
        String area = summary.changedSquareMetres().isPresent()
                ? String.format(
                        Locale.ROOT, ", %,.0f m2", summary.changedSquareMetres().getAsDouble())
                : "";
        line(text, "polygons", "%,d%s", summary.polygons(), area);
        line(text, "model", "%s, %s, threshold %.2f", summary.model(), summary.precision(), summary.threshold());
        line(
                text,
                "scene",
                "%,d x %,d pixels in %s",
                summary.width(),
                summary.height(),
                Durations.words(summary.seconds()));
        for (String file : summary.files()) {
            line(text, file.equals(summary.files().getFirst()) ? "files" : "", "%s", folder.resolve(file));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-10s", label))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }
}
