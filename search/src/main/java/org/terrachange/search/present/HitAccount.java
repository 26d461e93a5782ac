package org.terrachange.search.present;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// What programs are told of a hit, as JSON.
///
/// @param rank from 1
/// @param score cosine, -1 to 1
/// @param deviations by how many standard deviations the score stands above those of changes taken at random
/// @param match whether unrelated texts hardly ever reach such a score
/// @param id in the archive
/// @param source the pair that it belongs to
/// @param before the earlier image
/// @param after the later image
/// @param beforeDate its day
/// @param afterDate its day
/// @param window first column, first row, columns, rows of the pair's common grid
/// @param changedFraction share of the window that changed by the detector's judgement
/// @param changedAreaM2 the same in square metres
/// @param footprint the window on the ground, well-known text in degrees
/// @param changes what changed, GeoJSON
/// @param captions sentences of the archive that describe the change
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record HitAccount(
        int rank,
        double score,
        double deviations,
        boolean match,
        String id,
        String source,
        String before,
        String after,
        Optional<LocalDate> beforeDate,
        Optional<LocalDate> afterDate,
        List<Integer> window,
        double changedFraction,
        OptionalDouble changedAreaM2,
        Optional<String> footprint,
        @JsonRawValue @Nullable String changes,
        List<String> captions) {

    /// @param answer that the hit is part of
    public static HitAccount of(ScoredHit hit, SearchAnswer answer) {
        ChangeRecord change = hit.change();
        return new HitAccount(
                hit.rank(),
                hit.score(),
                hit.deviations(),
                answer.isMatch(hit.score()),
                change.id(),
                change.source(),
                change.before(),
                change.after(),
                change.beforeDate(),
                change.afterDate(),
                List.of(
                        change.window().x(),
                        change.window().y(),
                        change.window().width(),
                        change.window().height()),
                change.changedFraction(),
                change.changedArea(),
                change.footprint().map(Geometry::toText),
                change.polygons().orElse(null),
                change.captions());
    }
}
