package org.terrachange.search.query;

import java.util.Optional;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.SearchFilter;

/// What a user asks of an archive: a text, an example, or both.
///
/// @param text what is looked for
/// @param example a change that it should be like
/// @param without a text whose meaning is pushed away
/// @param captions whether the words of captions count beside likeness; needs a text
/// @param filter what hits must satisfy in any case
/// @param limit most hits, 1 to [ArchiveSearcher#MOST]
public record ArchiveQuery(
        Optional<String> text,
        Optional<Example> example,
        Optional<String> without,
        boolean captions,
        SearchFilter filter,
        int limit) {

    /// @throws IllegalArgumentException naming what is missing or impossible
    public ArchiveQuery {
        if (text.isEmpty() && example.isEmpty()) {
            throw new IllegalArgumentException("a search needs a text or an example");
        }
        if (text.filter(String::isBlank).isPresent()
                || without.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("a text to search for needs at least one word");
        }
        if (captions && text.isEmpty()) {
            throw new IllegalArgumentException("captions can be searched for the words of a text only");
        }
        if (limit < 1 || limit > ArchiveSearcher.MOST) {
            throw new IllegalArgumentException(
                    "the number of hits must be between 1 and " + ArchiveSearcher.MOST + ", got " + limit);
        }
    }

    /// The changes most like a text.
    public static ArchiveQuery of(String text, int limit) {
        return new ArchiveQuery(Optional.of(text), Optional.empty(), Optional.empty(), false, SearchFilter.NONE, limit);
    }
}
