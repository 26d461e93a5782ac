package org.terrachange.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.detect.scene.Alignment;
import org.terrachange.raster.register.Shift;

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
        line(text, "grid", grid(summary.alignment()));
        line(text, "shift", shift(summary.alignment()));
        for (String warning : summary.alignment().warnings()) {
            line(text, "warning", warning);
        }
        if (summary.cuts() > 0) {
            line(text, "warning", "areas with very long outlines were cut in two " + summary.cuts() + " times");
        }
        for (String file : summary.files()) {
            String label = file.equals(summary.files().getFirst()) ? "files" : "";
            line(text, label, folder.resolve(file).toString());
        }
        return text.toString();
    }

    private static String grid(Alignment alignment) {
        StringBuilder text = new StringBuilder("of the " + alignment.target() + " image");
        alignment.gsd().ifPresent(gsd -> text.append(String.format(Locale.ROOT, ", pixels of %.3g m", gsd)));
        describe(text, "before", alignment.before());
        describe(text, "after", alignment.after());
        return text.toString();
    }

    private static void describe(StringBuilder text, String name, Alignment.Image image) {
        image.resampling()
                .ifPresent(way -> text.append("; ")
                        .append(name)
                        .append(" resampled (")
                        .append(way)
                        .append(")"));
        if (image.dropped() > 0.0005) {
            text.append(String.format(
                    Locale.ROOT, "; %.1f %% of %s lies outside the other image", 100 * image.dropped(), name));
        }
    }

    private static String shift(Alignment alignment) {
        Shift shift = alignment.shift();
        if (!shift.isTrusted()) {
            return String.format(Locale.ROOT, "not to be told (confidence %.2f)", shift.confidence());
        }
        String metres = alignment.shiftMetres().isPresent()
                ? String.format(
                        Locale.ROOT, " = %.2f m", alignment.shiftMetres().getAsDouble())
                : "";
        String found = String.format(
                Locale.ROOT,
                "%.2f pixels right, %.2f down%s, confidence %.2f",
                shift.right(),
                shift.down(),
                metres,
                shift.confidence());
        return alignment.remaining().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "%s; corrected, %.2f pixels remain",
                        found,
                        alignment.remaining().get().length())
                : found;
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
