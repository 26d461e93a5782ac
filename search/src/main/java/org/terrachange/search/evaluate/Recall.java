package org.terrachange.search.evaluate;

/// How often what was looked for is among the first answers.
///
/// @param r1 share of the queries with a right answer at the first place
/// @param r5 among the first five
/// @param r10 among the first ten
/// @param mrr mean over the queries of one over the place of the first right answer
public record Recall(double r1, double r5, double r10, double mrr) {}
