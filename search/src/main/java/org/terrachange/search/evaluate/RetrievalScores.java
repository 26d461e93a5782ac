package org.terrachange.search.evaluate;

/// The scores of one direction under one choice of gallery and queries.
///
/// Strict scores count a caption's own pair alone; equivalent ones every pair that has a caption of the same
/// meaning. The floor is what a random order reaches on average, worked out and not drawn.
///
/// @param gallery number of answers that are ordered for each query
/// @param queries number of queries
/// @param strict with a caption's own pair as the only right answer
/// @param randomStrict its floor
/// @param equivalent with every pair of equal meaning as a right answer
/// @param randomEquivalent its floor
/// @param low lower end of the 95 % confidence interval of the strict scores: bootstrap over pairs, since the
///     captions of one pair succeed and fail together
/// @param high upper end
public record RetrievalScores(
        int gallery,
        int queries,
        Recall strict,
        Recall randomStrict,
        Recall equivalent,
        Recall randomEquivalent,
        Recall low,
        Recall high) {}
