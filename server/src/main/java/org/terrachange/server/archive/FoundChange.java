package org.terrachange.server.archive;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.terrachange.search.present.HitAccount;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;

/// One hit, as the REST interface gives it.
///
/// @param account what every program is told of it
/// @param pictures addresses of PNG pictures of the window
record FoundChange(@JsonUnwrapped HitAccount account, Pictures pictures) {

    /// @param relevance where the query is answered
    record Pictures(String before, String after, String change, String relevance) {}

    static FoundChange of(ScoredHit hit, SearchAnswer answer, SearchRequest request) {
        String folder = "/archive/" + HitKey.of(hit.change().id()) + "/";
        return new FoundChange(
                HitAccount.of(hit, answer),
                new Pictures(
                        folder + "before.png",
                        folder + "after.png",
                        folder + "change.png",
                        folder + "relevance.png?" + question(request)));
    }

    private static String question(SearchRequest request) {
        StringBuilder query = new StringBuilder();
        request.text().ifPresent(text -> append(query, "q", text));
        request.example().ifPresent(id -> append(query, "like", id));
        request.without().ifPresent(text -> append(query, "not", text));
        return query.toString();
    }

    private static void append(StringBuilder query, String name, String value) {
        query.append(query.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
