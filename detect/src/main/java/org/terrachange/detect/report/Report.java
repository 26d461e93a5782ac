package org.terrachange.detect.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.locationtech.jts.geom.Point;
import org.terrachange.detect.product.Thumbnails;
import org.terrachange.detect.scene.Alignment;
import org.terrachange.raster.Grid;
import org.terrachange.raster.register.Shift;
import org.terrachange.raster.vector.ChangeFeature;

/// A report of one detection as a page that stands alone in one file: no script, no content from elsewhere.
public final class Report {
    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8884; --card: #8881; --accent: #d0273a; }
            body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1.5rem; }
            h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
            .muted { opacity: .7; }
            .figures { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
            .figure { background: var(--card); border-radius: .6rem; padding: .75rem 1rem; }
            .figure b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
            .pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
            figure { margin: 0; } img { border-radius: .4rem; display: block; height: auto; width: 100%; }
            figcaption { font-size: .9rem; padding-top: .3rem; }
            .wide { margin-top: 1rem; } .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
            td, th { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; text-align: left; }
            .warning { border-left: .3rem solid #d99a00; background: var(--card); padding: .5rem 1rem; }
            .key { color: var(--accent); }
            """;

    private final DetectionSummary summary;
    private final Grid grid;
    private final Thumbnails thumbnails;
    private final List<ChangeFeature> largest;

    /// @param largest the changes to list, largest first
    public Report(DetectionSummary summary, Grid grid, Thumbnails thumbnails, List<ChangeFeature> largest) {
        this.summary = summary;
        this.grid = grid;
        this.thumbnails = thumbnails;
        this.largest = List.copyOf(largest);
    }

    /// The page.
    public String html() throws IOException {
        StringBuilder page = new StringBuilder(1 << 20);
        page.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>Change report</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n<h1>Change report</h1>\n<p class=\"muted\">")
                .append(text(fileName(summary.before())))
                .append(" → ")
                .append(text(fileName(summary.after())))
                .append("</p>\n");
        warnings(page);
        figures(page);
        pictures(page);
        changes(page);
        table(page, "How the images were brought together", alignment());
        table(page, "Scene and settings", settings());
        table(page, "Model", summary.modelCard());
        return page.append("</html>\n").toString();
    }

    private void warnings(StringBuilder page) {
        for (String warning : summary.alignment().warnings()) {
            warning(page, warning);
        }
        if (summary.cuts() > 0) {
            warning(
                    page,
                    "areas with very long outlines were cut in two " + summary.cuts()
                            + " times, so there are more polygons than areas; more memory keeps them whole");
        }
    }

    private static void warning(StringBuilder page, String words) {
        page.append("<p class=\"warning\" role=\"note\">")
                .append(text(sentence(words)))
                .append("</p>\n");
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private void figures(StringBuilder page) {
        page.append("<div class=\"figures\">\n");
        if (summary.changedSquareMetres().isPresent()) {
            figure(page, "changed area", area(summary.changedSquareMetres().getAsDouble()));
        }
        figure(page, "of the scene changed", percent(summary.changedShare()));
        figure(page, "separate changes", String.format(Locale.ROOT, "%,d", summary.polygons()));
        figure(page, "mean probability in changes", decimal(summary.meanChangeProbability()));
        figure(page, "of changes above 0.7", percent(summary.highConfidenceShare()));
        figure(page, "mean probability, whole scene", decimal(summary.meanProbability()));
        page.append("</div>\n<p class=\"muted\">The mean over the whole scene is low by nature: most ground does not")
                .append(" change. The mean inside the changes tells how sure the model is of them.</p>\n");
    }

    private static void figure(StringBuilder page, String label, String value) {
        page.append("<div class=\"figure\"><b>")
                .append(text(value))
                .append("</b>")
                .append(text(label))
                .append("</div>\n");
    }

    private void pictures(StringBuilder page) throws IOException {
        String scale = thumbnails.factor() == 1 ? "" : ", reduced to 1/" + thumbnails.factor() + " for this page";
        page.append("<h2>Pictures</h2>\n<div class=\"pictures\">\n");
        picture(page, thumbnails.before(), "Before" + scale, "");
        picture(page, thumbnails.after(), "After" + scale, "");
        page.append("</div>\n");
        picture(page, thumbnails.overlay(), "After, with changes in red" + scale, " class=\"wide\"");
    }

    private static void picture(StringBuilder page, BufferedImage image, String caption, String attributes)
            throws IOException {
        page.append("<figure")
                .append(attributes)
                .append("><img alt=\"")
                .append(text(caption))
                .append("\" width=\"")
                .append(image.getWidth())
                .append("\" height=\"")
                .append(image.getHeight())
                .append("\" src=\"data:image/jpeg;base64,")
                .append(Base64.getEncoder().encodeToString(jpeg(image)))
                .append("\"><figcaption>")
                .append(text(caption))
                .append("</figcaption></figure>\n");
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam quality = writer.getDefaultWriteParam();
            quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            quality.setCompressionQuality(0.85f);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), quality);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private void changes(StringBuilder page) {
        page.append("<h2>Largest changes</h2>\n");
        if (largest.isEmpty()) {
            page.append("<p>No change reaches the threshold of ")
                    .append(decimal(summary.threshold()))
                    .append(" and the smallest area asked for.</p>\n");
            return;
        }
        boolean ground = grid.isGeoreferenced();
        page.append("<div class=\"scroll\"><table>\n<tr><th>id<th>")
                .append(ground ? "area" : "pixels")
                .append("<th>mean probability<th>highest<th>")
                .append(ground ? "centre, " + text(summary.crs().orElse("")) : "centre, column and row")
                .append("\n");
        for (ChangeFeature change : largest) {
            Point centre = change.outline().getInteriorPoint();
            page.append("<tr><td class=\"key\">")
                    .append(change.id())
                    .append("<td>")
                    .append(
                            change.areaSquareMetres().isPresent()
                                    ? area(change.areaSquareMetres().getAsDouble())
                                    : String.format(Locale.ROOT, "%,d", change.pixels()))
                    .append("<td>")
                    .append(decimal(change.meanProbability()))
                    .append("<td>")
                    .append(decimal(change.maxProbability()))
                    .append("<td>")
                    .append(String.format(Locale.ROOT, coordinateFormat(), centre.getX(), centre.getY()))
                    .append("\n");
        }
        page.append("</table></div>\n");
    }

    /// Degrees need five decimals to name a metre, metres and pixels one to name a pixel.
    private String coordinateFormat() {
        return grid.crs().isPresent() && grid.crs().get().isGeographic() ? "%.6f, %.6f" : "%.1f, %.1f";
    }

    private Map<String, String> alignment() {
        Alignment alignment = summary.alignment();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("pixels of the results", "those of the " + alignment.target() + " image" + metres(alignment.gsd()));
        rows.put("before", image(alignment.before()));
        rows.put("after", image(alignment.after()));
        rows.put("shift of the later image", shift(alignment));
        if (alignment.stretchLow().isPresent() && alignment.stretchHigh().isPresent()) {
            rows.put(
                    "values shown as black to white",
                    "red, green, blue from " + alignment.stretchLow().get() + " to "
                            + alignment.stretchHigh().get());
        }
        alignment.areaOfInterest().ifPresent(file -> rows.put("area of interest", file));
        return rows;
    }

    private static String image(Alignment.Image image) {
        StringBuilder words = new StringBuilder(image.width() + " x " + image.height() + " pixels");
        words.append(metres(image.gsd()))
                .append(image.crs().map(name -> ", " + name).orElse(""));
        words.append(
                image.resampling().map(way -> ", resampled (" + way + ")").orElse(", its pixels used as they are"));
        words.append(", read by ").append(image.reader());
        if (image.dropped() > 0) {
            words.append("; ").append(percent(image.dropped())).append(" of it lies outside the other image");
        }
        return words.toString();
    }

    private static String metres(OptionalDouble gsd) {
        return gsd.isPresent() ? String.format(Locale.ROOT, " of %.3g m", gsd.getAsDouble()) : "";
    }

    private static String shift(Alignment alignment) {
        Shift shift = alignment.shift();
        String found = String.format(
                Locale.ROOT,
                "%.2f pixels right, %.2f down%s, confidence %.2f from %d windows",
                shift.right(),
                shift.down(),
                alignment.shiftMetres().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                " (%.2f m)",
                                alignment.shiftMetres().getAsDouble())
                        : "",
                shift.confidence(),
                shift.windows());
        String outcome = alignment.remaining().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "; corrected, %.2f pixels remain",
                        alignment.remaining().get().length())
                : "; not corrected";
        return shift.isTrusted() ? found + outcome : "not to be told (" + found + ")";
    }

    private Map<String, String> settings() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put(
                "before",
                summary.before() + summary.beforeDate().map(date -> ", " + date).orElse(""));
        rows.put(
                "after",
                summary.after() + summary.afterDate().map(date -> ", " + date).orElse(""));
        rows.put("size", summary.width() + " x " + summary.height() + " pixels");
        rows.put("CRS", summary.crs().orElse("none: the images say nothing about the ground"));
        if (!summary.pixelSize().isEmpty()) {
            rows.put(
                    "pixel",
                    summary.pixelSize().get(0) + " x " + summary.pixelSize().get(1) + " CRS units");
        }
        rows.put(
                "pixels missing in either date",
                String.format(Locale.ROOT, "%,d", (long) summary.width() * summary.height() - summary.validPixels()));
        rows.put("threshold", decimal(summary.threshold()));
        rows.put("smallest change", summary.minArea() + (grid.isGeoreferenced() ? " m²" : " pixels"));
        rows.put("tiles", summary.tile() + " pixels, overlapping by " + summary.overlap());
        rows.put("precision", summary.precision());
        rows.put("time", String.format(Locale.ROOT, "%.1f s", summary.seconds()));
        return rows;
    }

    private static void table(StringBuilder page, String title, Map<String, String> rows) {
        page.append("<h2>").append(text(title)).append("</h2>\n<div class=\"scroll\"><table>\n");
        rows.forEach((key, value) -> page.append("<tr><th scope=\"row\">")
                .append(text(key))
                .append("<td>")
                .append(text(value))
                .append("\n"));
        page.append("</table></div>\n");
    }

    private static String area(double squareMetres) {
        return squareMetres >= 10_000
                ? String.format(Locale.ROOT, "%,.2f ha", squareMetres / 10_000)
                : String.format(Locale.ROOT, "%,.0f m²", squareMetres);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
