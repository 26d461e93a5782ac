package org.terrachange.search.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/// Scores retrieval in both directions. The same vectors give the same scores.
///
/// Among equal similarities the right answer counts as the last: a model that gives everything one vector finds
/// nothing.
public final class RetrievalEvaluator {
    private static final int RESAMPLES = 1000;
    private static final long SEED = 20_260_101;

    /// Which pairs take part.
    public enum Scope {
        /// All pairs are ordered, all captions ask.
        ALL(false, false),
        /// All pairs are ordered, captions of changed pairs ask (the protocol of most published figures).
        CHANGED_QUERIES(true, false),
        /// Changed pairs alone.
        CHANGED_ONLY(true, true);

        private final boolean changedQueries;
        private final boolean changedGallery;

        Scope(boolean changedQueries, boolean changedGallery) {
            this.changedQueries = changedQueries;
            this.changedGallery = changedGallery;
        }
    }

    private final Gallery gallery;
    private final boolean[] answering;
    private final boolean[] asking;

    public RetrievalEvaluator(Gallery gallery, Scope scope) {
        this.gallery = gallery;
        answering = new boolean[gallery.changes().size()];
        asking = new boolean[answering.length];
        for (int pair = 0; pair < answering.length; pair++) {
            answering[pair] = !scope.changedGallery || gallery.changed()[pair];
            asking[pair] = !scope.changedQueries || gallery.changed()[pair];
        }
    }

    /// One query's outcome.
    ///
    /// @param cluster the pair it comes from, for the bootstrap
    /// @param strict place of the first strictly right answer, from 1
    /// @param strictAnswers number of strictly right answers
    /// @param equivalent place of the first equivalent one
    /// @param equivalentAnswers number of them
    private record Outcome(int cluster, int strict, int strictAnswers, int equivalent, int equivalentAnswers) {}

    /// Each caption asks for its pair.
    public RetrievalScores textToChange() {
        boolean[][] meaningOfPair = meanings();
        List<Outcome> outcomes = new ArrayList<>();
        for (int text = 0; text < gallery.texts().size(); text++) {
            int owner = gallery.owners()[text];
            if (!asking[owner]) {
                continue;
            }
            float[] scores = new float[answering.length];
            boolean[] right = new boolean[answering.length];
            boolean[] alike = new boolean[answering.length];
            for (int pair = 0; pair < answering.length; pair++) {
                scores[pair] = gallery.similarity(text, pair);
                right[pair] = pair == owner;
                alike[pair] = right[pair] || meaningOfPair[pair][gallery.meanings()[text]];
            }
            outcomes.add(outcome(owner, scores, right, alike, answering));
        }
        return scores(outcomes, count(answering));
    }

    /// Each pair asks for any of its captions.
    public RetrievalScores changeToText() {
        boolean[][] meaningOfPair = meanings();
        int texts = gallery.texts().size();
        boolean[] among = new boolean[texts];
        for (int text = 0; text < texts; text++) {
            among[text] = answering[gallery.owners()[text]];
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int pair = 0; pair < answering.length; pair++) {
            if (!asking[pair]) {
                continue;
            }
            float[] scores = new float[texts];
            boolean[] right = new boolean[texts];
            boolean[] alike = new boolean[texts];
            boolean any = false;
            for (int text = 0; text < texts; text++) {
                scores[text] = gallery.similarity(text, pair);
                right[text] = gallery.owners()[text] == pair;
                alike[text] = right[text] || meaningOfPair[pair][gallery.meanings()[text]];
                any |= right[text];
            }
            if (any) {
                outcomes.add(outcome(pair, scores, right, alike, among));
            }
        }
        return scores(outcomes, count(among));
    }

    /// Which meanings the captions of each pair have, with meanings numbered as in the gallery.
    private boolean[][] meanings() {
        int meanings = Arrays.stream(gallery.meanings()).max().orElse(-1) + 1;
        boolean[][] of = new boolean[answering.length][meanings];
        for (int text = 0; text < gallery.texts().size(); text++) {
            of[gallery.owners()[text]][gallery.meanings()[text]] = true;
        }
        return of;
    }

    private static Outcome outcome(int cluster, float[] scores, boolean[] right, boolean[] alike, boolean[] among) {
        return new Outcome(
                cluster,
                place(scores, right, among),
                count(both(right, among)),
                place(scores, alike, among),
                count(both(alike, among)));
    }

    /// The place of the best right answer, behind all wrong ones of the same score.
    private static int place(float[] scores, boolean[] right, boolean[] among) {
        float best = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            if (right[i] && among[i]) {
                best = Math.max(best, scores[i]);
            }
        }
        int place = 1;
        for (int i = 0; i < scores.length; i++) {
            if (among[i] && !right[i] && !(scores[i] < best)) {
                place++;
            }
        }
        return place;
    }

    private static boolean[] both(boolean[] a, boolean[] b) {
        boolean[] both = new boolean[a.length];
        for (int i = 0; i < a.length; i++) {
            both[i] = a[i] && b[i];
        }
        return both;
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }

    private static RetrievalScores scores(List<Outcome> outcomes, int size) {
        Recall[] ends = bootstrap(outcomes);
        return new RetrievalScores(
                size,
                outcomes.size(),
                recall(outcomes, Outcome::strict),
                floor(outcomes, Outcome::strictAnswers, size),
                recall(outcomes, Outcome::equivalent),
                floor(outcomes, Outcome::equivalentAnswers, size),
                ends[0],
                ends[1]);
    }

    private static Recall recall(List<Outcome> outcomes, ToDoubleFunction<Outcome> place) {
        return new Recall(
                mean(outcomes, o -> place.applyAsDouble(o) <= 1 ? 1 : 0),
                mean(outcomes, o -> place.applyAsDouble(o) <= 5 ? 1 : 0),
                mean(outcomes, o -> place.applyAsDouble(o) <= 10 ? 1 : 0),
                mean(outcomes, o -> 1 / place.applyAsDouble(o)));
    }

    private static Recall floor(List<Outcome> outcomes, ToIntFunction<Outcome> answers, int size) {
        RandomOrder order = new RandomOrder(size);
        // Many queries have as many right answers as others.
        Map<Integer, Double> reciprocals = new HashMap<>();
        return new Recall(
                mean(outcomes, o -> order.recall(answers.applyAsInt(o), 1)),
                mean(outcomes, o -> order.recall(answers.applyAsInt(o), 5)),
                mean(outcomes, o -> order.recall(answers.applyAsInt(o), 10)),
                mean(outcomes, o -> reciprocals.computeIfAbsent(answers.applyAsInt(o), order::reciprocal)));
    }

    private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).average().orElse(0);
    }

    /// The 2.5th and 97.5th percentile of the strict scores over samples of pairs drawn with replacement.
    private static Recall[] bootstrap(List<Outcome> outcomes) {
        List<List<Outcome>> clusters = List.copyOf(outcomes.stream()
                .collect(java.util.stream.Collectors.groupingBy(
                        Outcome::cluster, java.util.TreeMap::new, java.util.stream.Collectors.toList()))
                .values());
        SplittableRandom random = new SplittableRandom(SEED);
        double[][] drawn = new double[4][RESAMPLES];
        for (int resample = 0; resample < RESAMPLES && !clusters.isEmpty(); resample++) {
            List<Outcome> sample = new ArrayList<>();
            for (int i = 0; i < clusters.size(); i++) {
                sample.addAll(clusters.get(random.nextInt(clusters.size())));
            }
            Recall recall = recall(sample, Outcome::strict);
            drawn[0][resample] = recall.r1();
            drawn[1][resample] = recall.r5();
            drawn[2][resample] = recall.r10();
            drawn[3][resample] = recall.mrr();
        }
        for (double[] values : drawn) {
            Arrays.sort(values);
        }
        return new Recall[] {percentile(drawn, 0.025), percentile(drawn, 0.975)};
    }

    private static Recall percentile(double[][] drawn, double share) {
        int at = (int) Math.round(share * (RESAMPLES - 1));
        return new Recall(drawn[0][at], drawn[1][at], drawn[2][at], drawn[3][at]);
    }
}
