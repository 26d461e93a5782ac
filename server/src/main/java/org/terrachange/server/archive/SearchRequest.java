package org.terrachange.server.archive;

import io.javalin.http.Context;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.GeoBox;
import org.terrachange.search.index.SearchFilter;
import org.terrachange.search.query.ArchiveQuery;
import org.terrachange.search.query.Example;
import org.terrachange.server.web.Refusal;

/// What the parameters of a request ask of the archive.
///
/// @param text `q`: what is looked for
/// @param example `like`: the id of a change that hits should be like
/// @param without `not`: what is pushed away
/// @param filter `bbox`, `from`, `to` and `min_change`
/// @param limit most hits
record SearchRequest(
        Optional<String> text, Optional<String> example, Optional<String> without, SearchFilter filter, int limit) {
    private static final int DEFAULT_LIMIT = 24;

    /// Hits whose pictures a page can show.
    private static final int LARGEST_LIMIT = Math.min(200, ArchiveSearcher.MOST);

    /// The tokenizer cuts texts much earlier; this only bounds the work of it.
    private static final int LONGEST_TEXT = 1_000;

    /// Reads the parameters.
    ///
    /// @throws Refusal with 400, naming the parameter that cannot be used
    static SearchRequest of(Context context) {
        try {
            SearchFilter filter = new SearchFilter(
                    parameter(context, "bbox").map(SearchRequest::box),
                    parameter(context, "from").map(text -> day("from", text)),
                    parameter(context, "to").map(text -> day("to", text)),
                    parameter(context, "min_change")
                            .map(text -> OptionalDouble.of(number("min_change", text)))
                            .orElse(OptionalDouble.empty()),
                    Optional.empty());
            return new SearchRequest(
                    words(context, "q"),
                    parameter(context, "like"),
                    words(context, "not"),
                    filter,
                    limit(parameter(context, "limit")));
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(Refusal.quoted(String.valueOf(e.getMessage())));
        }
    }

    /// The query.
    ///
    /// @throws Refusal with 400 if there is neither text nor example
    ArchiveQuery query() {
        try {
            return new ArchiveQuery(text, example.map(Example.Indexed::new), without, false, filter, limit);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(e.getMessage() + ": give q or like");
        }
    }

    /// The query in words.
    String question() {
        StringBuilder words = new StringBuilder(text.orElse(""));
        example.ifPresent(
                id -> words.append(words.isEmpty() ? "like " : ", like ").append(id));
        without.ifPresent(other -> words.append(", not ").append(other));
        return words.toString();
    }

    private static Optional<String> parameter(Context context, String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isBlank());
    }

    private static Optional<String> words(Context context, String name) {
        Optional<String> text = parameter(context, name);
        if (text.isPresent() && text.get().length() > LONGEST_TEXT) {
            throw new IllegalArgumentException(name + " must have at most " + LONGEST_TEXT + " characters, got "
                    + text.get().length());
        }
        return text;
    }

    private static int limit(Optional<String> text) {
        double limit = text.map(value -> number("limit", value)).orElse((double) DEFAULT_LIMIT);
        if (limit != Math.rint(limit) || limit < 1 || limit > LARGEST_LIMIT) {
            throw new IllegalArgumentException("limit must be a whole number from 1 to " + LARGEST_LIMIT);
        }
        return (int) limit;
    }

    private static GeoBox box(String text) {
        String[] numbers = text.split(",", -1);
        if (numbers.length != 4) {
            throw new IllegalArgumentException("bbox takes four numbers, west,south,east,north; got " + numbers.length);
        }
        return new GeoBox(
                number("bbox", numbers[0]),
                number("bbox", numbers[1]),
                number("bbox", numbers[2]),
                number("bbox", numbers[3]));
    }

    private static double number(String name, String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " takes numbers, and '" + text + "' is none", e);
        }
    }

    private static LocalDate day(String name, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " takes a day such as 2019-06-30, not '" + text + "'", e);
        }
    }
}
