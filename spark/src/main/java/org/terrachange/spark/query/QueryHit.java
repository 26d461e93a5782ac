package org.terrachange.spark.query;

import com.jerolba.carpet.annotation.Alias;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// One hit of one query, as a row of a table.
///
/// @param query the text
/// @param rank from 1
/// @param score cosine, -1 to 1
/// @param deviations by which the score lies above those of changes taken at random
/// @param match whether unrelated texts do not reach the score
/// @param id of the change
/// @param source pair that it belongs to
/// @param footprint well-known text in longitude and latitude, where it is known
/// @param changedFraction share of the window that changed
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record QueryHit(
        String query,
        int rank,
        double score,
        double deviations,
        boolean match,
        String id,
        String source,
        @Nullable String footprint,
        @Alias("changed_fraction") double changedFraction)
        implements Serializable {

    static QueryHit of(String query, ScoredHit hit, SearchAnswer answer) {
        ChangeRecord change = hit.change();
        return new QueryHit(
                query,
                hit.rank(),
                hit.score(),
                hit.deviations(),
                answer.isMatch(hit.score()),
                change.id(),
                change.source(),
                change.footprint().map(Object::toString).orElse(null),
                change.changedFraction());
    }
}
