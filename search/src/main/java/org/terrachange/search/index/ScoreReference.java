package org.terrachange.search.index;

import java.util.Arrays;
import java.util.List;

/// What cosines chance gives: those between vectors that have nothing to do with each other. Towers of images
/// and of texts keep apart in their joint space, so that 0.2 may be a perfect match for one model and chance
/// for another; how far a score stands above chance can be compared.
///
/// @param mean of the cosines
/// @param deviation their standard deviation
/// @param median half of them lie below
/// @param highest one in a thousand lies above
/// @param count of the cosines
public record ScoreReference(double mean, double deviation, double median, double highest, int count) {
    private static final double HIGHEST = 0.999;

    /// Compares every query with every vector.
    ///
    /// @param queries unrelated to what the vectors show, of length 1; at least one
    /// @param sample vectors of an index, of length 1; at least one
    static ScoreReference of(List<float[]> queries, List<float[]> sample) {
        double[] cosines = new double[Math.multiplyExact(queries.size(), sample.size())];
        int at = 0;
        for (float[] query : queries) {
            for (float[] vector : sample) {
                cosines[at++] = UnitVectors.dot(query, vector);
            }
        }
        Arrays.sort(cosines);
        double mean = Arrays.stream(cosines).average().orElseThrow();
        double variance = Arrays.stream(cosines)
                .map(c -> (c - mean) * (c - mean))
                .average()
                .orElseThrow();
        return new ScoreReference(
                mean, Math.sqrt(variance), quantile(cosines, 0.5), quantile(cosines, HIGHEST), cosines.length);
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    /// Standard deviations by which a cosine stands above the mean of chance.
    public double deviationsAbove(double cosine) {
        return deviation > 0 ? (cosine - mean) / deviation : cosine > mean ? Double.POSITIVE_INFINITY : 0;
    }

    /// Whether a cosine is higher than all but one in a thousand that chance gives. Where the best hit is not,
    /// nothing matches well; where it is, that alone proves nothing, since the best of many thousands always
    /// is.
    public boolean isBeyondChance(double cosine) {
        return cosine > highest;
    }

    /// What [#parse] reads back.
    String toMetadata() {
        return mean + " " + deviation + " " + median + " " + highest + " " + count;
    }

    /// @throws IllegalArgumentException if the text is none of [#toMetadata]
    static ScoreReference parse(String text) {
        String[] numbers = text.split(" ");
        if (numbers.length != 5) {
            throw new IllegalArgumentException("five numbers were expected, got \"" + text + "\"");
        }
        return new ScoreReference(
                Double.parseDouble(numbers[0]),
                Double.parseDouble(numbers[1]),
                Double.parseDouble(numbers[2]),
                Double.parseDouble(numbers[3]),
                Integer.parseInt(numbers[4]));
    }
}
