package org.terrachange.search.present;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.locationtech.jts.geom.Geometry;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;

/// An answer as comma-separated values (RFC 4180), one row a hit, footprints as well-known text. The columns
/// are those that a catalogue of pairs may have, so that an answer can be indexed again.
public final class HitCsv {
    private static final String HEAD =
            "rank,score,deviations,id,source,before,after,before_date,after_date,column,row,width,"
                    + "height,changed_fraction,changed_area_m2,footprint,captions";

    private HitCsv() {}

    /// The document, lines ended by CR LF as the standard wants.
    public static String of(SearchAnswer answer) {
        return Stream.concat(Stream.of(HEAD), answer.hits().stream().map(HitCsv::row))
                .map(line -> line + "\r\n")
                .collect(Collectors.joining());
    }

    private static String row(ScoredHit hit) {
        ChangeRecord change = hit.change();
        return Stream.of(
                        Integer.toString(hit.rank()),
                        number(hit.score()),
                        number(hit.deviations()),
                        change.id(),
                        change.source(),
                        change.before(),
                        change.after(),
                        change.beforeDate().map(Object::toString).orElse(""),
                        change.afterDate().map(Object::toString).orElse(""),
                        Integer.toString(change.window().x()),
                        Integer.toString(change.window().y()),
                        Integer.toString(change.window().width()),
                        Integer.toString(change.window().height()),
                        number(change.changedFraction()),
                        change.changedArea().isPresent()
                                ? number(change.changedArea().getAsDouble())
                                : "",
                        change.footprint().map(Geometry::toText).orElse(""),
                        String.join("|", change.captions()))
                .map(HitCsv::cell)
                .collect(Collectors.joining(","));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    private static String cell(String text) {
        return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
