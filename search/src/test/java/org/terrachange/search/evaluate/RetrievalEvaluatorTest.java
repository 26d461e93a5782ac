package org.terrachange.search.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.terrachange.search.evaluate.RetrievalEvaluator.Scope;

class RetrievalEvaluatorTest {

    private static float[] axis(int at, int size) {
        float[] vector = new float[size];
        vector[at] = 1;
        return vector;
    }

    private static float[] random(SplittableRandom random) {
        float[] vector = new float[16];
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
            sum += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(sum);
        }
        return vector;
    }

    /// `pairs` pairs with two captions each; of the later half nothing changed, and their captions all say so.
    private static Gallery gallery(int pairs, boolean perfect, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> changes = new ArrayList<>();
        List<float[]> texts = new ArrayList<>();
        int[] owners = new int[2 * pairs];
        int[] meanings = new int[2 * pairs];
        boolean[] changed = new boolean[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            changes.add(perfect ? axis(pair, pairs) : random(random));
            changed[pair] = pair < pairs / 2;
            for (int i = 0; i < 2; i++) {
                texts.add(perfect ? axis(pair, pairs) : random(random));
                owners[2 * pair + i] = pair;
                meanings[2 * pair + i] = changed[pair] ? 1 + 2 * pair + i : 0;
            }
        }
        return new Gallery(changes, texts, owners, meanings, changed);
    }

    @Test
    void aPerfectModelFindsEverything() {
        RetrievalEvaluator evaluator = new RetrievalEvaluator(gallery(20, true, 1), Scope.ALL);
        for (RetrievalScores scores : List.of(evaluator.textToChange(), evaluator.changeToText())) {
            assertThat(scores.strict()).isEqualTo(new Recall(1, 1, 1, 1));
            assertThat(scores.low().r1()).isEqualTo(1);
        }
        assertThat(evaluator.textToChange().gallery()).isEqualTo(20);
        assertThat(evaluator.textToChange().queries()).isEqualTo(40);
        assertThat(evaluator.changeToText().gallery()).isEqualTo(40);
        assertThat(evaluator.changeToText().queries()).isEqualTo(20);
    }

    @Test
    void theFloorIsWhatARandomModelReaches() {
        double[] found = new double[4];
        int rounds = 200;
        RetrievalScores last = new RetrievalEvaluator(gallery(24, false, rounds), Scope.ALL).textToChange();
        for (int seed = 0; seed < rounds; seed++) {
            RetrievalScores scores = new RetrievalEvaluator(gallery(24, false, seed), Scope.ALL).textToChange();
            found[0] += scores.strict().r5() / rounds;
            found[1] += scores.equivalent().r5() / rounds;
            found[2] += scores.strict().mrr() / rounds;
            found[3] += scores.equivalent().r1() / rounds;
        }
        assertThat(last.randomStrict().r5()).isCloseTo(5.0 / 24, within(1e-12));
        assertThat(found[0]).as("seeds 0 to 199").isCloseTo(last.randomStrict().r5(), within(0.015));
        assertThat(found[1]).isCloseTo(last.randomEquivalent().r5(), within(0.03));
        assertThat(found[2]).isCloseTo(last.randomStrict().mrr(), within(0.015));
        assertThat(found[3]).isCloseTo(last.randomEquivalent().r1(), within(0.03));
    }

    @Test
    void aModelThatSaysTheSameOfEverythingFindsNothing() {
        List<float[]> same = List.of(axis(0, 2), axis(0, 2), axis(0, 2));
        Gallery gallery = new Gallery(same, same, new int[] {0, 1, 2}, new int[] {0, 1, 2}, new boolean[3]);
        assertThat(new RetrievalEvaluator(gallery, Scope.ALL).textToChange().strict())
                .isEqualTo(new Recall(0, 1, 1, 1.0 / 3));
    }

    @Test
    void pairsOfEqualMeaningCountAsEquivalentAnswers() {
        // The caption of pair 0 finds pair 1, of which the same is said.
        List<float[]> changes = List.of(axis(0, 2), axis(1, 2));
        List<float[]> texts = List.of(axis(1, 2), axis(1, 2));
        Gallery gallery = new Gallery(changes, texts, new int[] {0, 1}, new int[] {0, 0}, new boolean[2]);
        RetrievalScores scores = new RetrievalEvaluator(gallery, Scope.ALL).textToChange();
        assertThat(scores.strict().r1()).isEqualTo(0.5);
        assertThat(scores.equivalent().r1()).isEqualTo(1);
        assertThat(scores.randomEquivalent().r1()).isEqualTo(1);
    }

    @Test
    void theScopeChoosesQueriesAndGallery() {
        Gallery gallery = gallery(20, true, 1);
        RetrievalScores queries = new RetrievalEvaluator(gallery, Scope.CHANGED_QUERIES).textToChange();
        assertThat(queries.gallery()).isEqualTo(20);
        assertThat(queries.queries()).isEqualTo(20);
        RetrievalScores only = new RetrievalEvaluator(gallery, Scope.CHANGED_ONLY).changeToText();
        assertThat(only.gallery()).isEqualTo(20);
        assertThat(only.queries()).isEqualTo(10);
    }

    @Test
    void theIntervalHoldsTheScoreAndIsTheSameEveryTime() {
        RetrievalScores scores = new RetrievalEvaluator(gallery(24, false, 3), Scope.ALL).textToChange();
        assertThat(scores.low().r10()).isLessThan(scores.strict().r10());
        assertThat(scores.high().r10()).isGreaterThan(scores.strict().r10());
        assertThat(new RetrievalEvaluator(gallery(24, false, 3), Scope.ALL).textToChange())
                .isEqualTo(scores);
    }

    @Test
    void captionsWithoutAPairAreRefused() {
        List<float[]> one = List.of(axis(0, 2));
        assertThatThrownBy(() -> new Gallery(one, one, new int[] {1}, new int[] {0}, new boolean[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pair 1 of 1");
    }
}
