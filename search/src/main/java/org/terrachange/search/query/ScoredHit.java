package org.terrachange.search.query;

import org.terrachange.search.index.ChangeRecord;

/// A change that was found, and what its score is worth.
///
/// @param rank from 1
/// @param change what is known of it
/// @param score cosine of the angle between its vector and the query's, -1 to 1
/// @param deviations standard deviations by which the score stands above those of changes of the archive that were
///     chosen without regard to the query
public record ScoredHit(int rank, ChangeRecord change, double score, double deviations) {}
