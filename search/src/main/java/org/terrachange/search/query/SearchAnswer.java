package org.terrachange.search.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.search.index.ScoreReference;

/// The answer to a query.
///
/// @param hits the best first
/// @param background what scores the query has with changes of the archive chosen without regard to it; empty
///     for an empty archive
/// @param unrelated what scores texts that have nothing to do with the archive have with its changes; empty
///     where the index does not say
/// @param unknownWords words of the query that the model has never met, so that what it makes of them is chance;
///     empty where its text tower has read widely
/// @param searched number of changes in the archive
public record SearchAnswer(
        List<ScoredHit> hits,
        Optional<ScoreReference> background,
        Optional<ScoreReference> unrelated,
        List<String> unknownWords,
        long searched) {
    public SearchAnswer {
        hits = List.copyOf(hits);
        unknownWords = List.copyOf(unknownWords);
    }

    /// Whether a score is one that unrelated texts do not reach: above all but one in a thousand of theirs. A
    /// best hit that is not, is only the best of nothing.
    public boolean isMatch(double score) {
        return unrelated.map(chance -> chance.isBeyondChance(score)).orElse(true);
    }

    /// What somebody should know who takes the hits for an answer: sentences without a full stop; none where there
    /// is nothing to say.
    public List<String> reservations() {
        List<String> sentences = new ArrayList<>();
        if (!unknownWords.isEmpty()) {
            sentences.add(
                    "the model has never met " + String.join(", ", unknownWords) + ": what it makes of that is chance");
        }
        if (!matchesWell()) {
            sentences.add("nothing matches well: texts that have nothing to do with the archive reach such scores too");
        }
        return sentences;
    }

    /// Whether any hit is a match.
    public boolean matchesWell() {
        return hits.stream().anyMatch(hit -> isMatch(hit.score()));
    }
}
