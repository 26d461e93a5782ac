package org.terrachange.search.present;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.vector.DateLine;
import org.terrachange.search.archive.HitPixels;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.index.ScoreReference;
import org.terrachange.search.model.PairEmbedder;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;

/// The pictures of an answer, and a page that shows all of them: `contact-sheet.html`, which stands alone in
/// one file, and `{rank}-before.png`, `{rank}-after.png`, `{rank}-change.png`, `{rank}-relevance.png`.
public final class ContactSheet {
    /// Rows and columns of the map of relevance.
    private static final int CELLS = 8;

    /// Pixels of the larger side of a picture.
    private static final int SIDE = 320;

    private static final String STYLE = """
            :root { color-scheme: light dark; --card: #8881; --accent: #d0273a; }
            body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 84rem; padding: 1.5rem; }
            h1 { font-size: 1.6rem; margin: 0 0 .25rem; } .muted { opacity: .7; }
            .warning { border-left: .3rem solid #d99a00; background: var(--card); padding: .5rem 1rem; }
            article { background: var(--card); border-radius: .6rem; margin: 1rem 0; padding: 1rem; }
            h2 { font-size: 1.05rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
            .pictures { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
            figure { margin: 0; } img { border-radius: .4rem; display: block; height: auto; width: 100%; }
            figcaption { font-size: .85rem; padding-top: .2rem; }
            dl { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; margin: .6rem 0 0; font-variant-numeric: tabular-nums; }
            dt { display: inline; opacity: .7; } dd { display: inline; margin: 0 0 0 .3rem; overflow-wrap: anywhere; }
            """;

    private final PairEmbedder model;
    private final float[] query;

    /// @param model that found the hits
    /// @param query its vector
    public ContactSheet(PairEmbedder model, float[] query) {
        this.model = model;
        this.query = query.clone();
    }

    /// Called with the number of hits drawn.
    @FunctionalInterface
    public interface Progress {
        void at(int done, int of);
    }

    /// Draws everything into a folder, which is made if need be.
    ///
    /// @param question the query in words
    /// @return what could not be drawn, one line each: hits whose images are gone stay on the page without
    ///     pictures
    public List<String> write(Path folder, String question, SearchAnswer answer, Progress progress)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        StringBuilder page = new StringBuilder(1 << 20);
        page.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escaped(question))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n<h1>")
                .append(escaped(question))
                .append("</h1>\n<p class=\"muted\">")
                .append(escaped(account(answer)))
                .append("</p>\n");
        for (String reservation : answer.reservations()) {
            page.append("<p class=\"warning\">")
                    .append(escaped(Character.toUpperCase(reservation.charAt(0)) + reservation.substring(1)))
                    .append(".</p>\n");
        }
        List<String> failures = new ArrayList<>();
        for (ScoredHit hit : answer.hits()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            page.append("<article>\n<h2>")
                    .append(hit.rank())
                    .append(". ")
                    .append(escaped(hit.change().id()))
                    .append("</h2>\n");
            try {
                pictures(page, folder, hit);
            } catch (IOException e) {
                failures.add(hit.change().id() + ": " + e.getMessage());
                page.append("<p class=\"warning\">")
                        .append(escaped(String.valueOf(e.getMessage())))
                        .append("</p>\n");
            }
            facts(page, hit, answer);
            page.append("</article>\n");
            progress.at(hit.rank(), answer.hits().size());
        }
        page.append("</html>\n");
        AtomicFile.write(folder.resolve("contact-sheet.html"), file -> Files.writeString(file, page));
        return failures;
    }

    private void pictures(StringBuilder page, Path folder, ScoredHit hit) throws IOException {
        HitPixels pixels = HitPixels.read(hit.change());
        int width = pixels.window().width();
        int height = pixels.window().height();
        RelevanceMap map = RelevanceMap.of(model, query, pixels.before(), pixels.after(), width, height, CELLS);
        HitPictures drawn =
                HitPictures.of(pixels.before(), pixels.after(), width, height, pixels.outlines(), map, SIDE);
        page.append("<div class=\"pictures\">\n");
        picture(page, folder, hit, "before", "before", drawn.before());
        picture(page, folder, hit, "after", "after", drawn.after());
        picture(page, folder, hit, "change", "what the detector marked", drawn.change());
        picture(page, folder, hit, "relevance", "where the query is answered", drawn.relevance());
        page.append("</div>\n");
    }

    private static void picture(
            StringBuilder page, Path folder, ScoredHit hit, String name, String caption, BufferedImage image)
            throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        AtomicFile.write(
                folder.resolve("%02d-%s.png".formatted(hit.rank(), name)),
                file -> Files.write(file, png.toByteArray()));
        page.append("<figure><img alt=\"")
                .append(escaped(caption))
                .append("\" src=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(png.toByteArray()))
                .append("\"><figcaption>")
                .append(escaped(caption))
                .append("</figcaption></figure>\n");
    }

    private static void facts(StringBuilder page, ScoredHit hit, SearchAnswer answer) {
        ChangeRecord change = hit.change();
        page.append("<dl>\n");
        fact(
                page,
                "score",
                String.format(
                        Locale.ROOT,
                        "%.3f (%s)",
                        hit.score(),
                        answer.isMatch(hit.score()) ? "beyond chance" : "no better than chance"));
        fact(page, "above the archive", String.format(Locale.ROOT, "%+.1f deviations", hit.deviations()));
        fact(page, "changed", changed(change));
        change.beforeDate().ifPresent(date -> fact(page, "before", date.toString()));
        change.afterDate().ifPresent(date -> fact(page, "after", date.toString()));
        change.footprint()
                .map(DateLine::centre)
                .ifPresent(centre -> fact(
                        page,
                        "centre",
                        String.format(Locale.ROOT, "%.5f, %.5f (longitude, latitude)", centre.x, centre.y)));
        fact(page, "images", change.before() + ", " + change.after());
        if (!change.captions().isEmpty()) {
            fact(page, "captions", String.join("; ", change.captions()));
        }
        page.append("</dl>\n");
    }

    private static void fact(StringBuilder page, String name, String value) {
        page.append("<div><dt>")
                .append(escaped(name))
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd></div>\n");
    }

    private static String changed(ChangeRecord change) {
        String share = String.format(Locale.ROOT, "%.1f %%", 100 * change.changedFraction());
        return change.changedArea().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "%s, %.0f m\u00b2",
                        share,
                        change.changedArea().getAsDouble())
                : share;
    }

    /// What an answer stands beside, in one sentence.
    public static String account(SearchAnswer answer) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "The %d best of %,d changes.", answer.hits().size(), answer.searched()));
        if (answer.background().isPresent()) {
            ScoreReference chance = answer.background().get();
            text.append(String.format(
                    Locale.ROOT,
                    " This query scores %.3f with a change taken at random (deviation %.3f).",
                    chance.mean(),
                    chance.deviation()));
        }
        if (answer.unrelated().isPresent()) {
            text.append(String.format(
                    Locale.ROOT,
                    " Texts that have nothing to do with the archive reach %.3f once in a thousand.",
                    answer.unrelated().get().highest()));
        }
        return text.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
