package org.terrachange.search.evaluate;

/// What a random order of answers would find: the floor that scores are held against.
///
/// @param size number of answers, at least 1
record RandomOrder(int size) {

    /// The chance that one of the right answers is among the first `k`.
    ///
    /// @param right how many of the answers are right, 0 to `size`
    double recall(int right, int k) {
        double none = 1;
        for (int i = 0; i < Math.min(k, size); i++) {
            none *= noneNext(right, i);
        }
        return 1 - none;
    }

    /// The mean reciprocal place of the first right answer.
    ///
    /// @param right how many of the answers are right, 0 to `size`
    double reciprocal(int right) {
        double sum = 0;
        double none = 1;
        for (int place = 1; place <= size && none > 0; place++) {
            double still = none * noneNext(right, place - 1);
            sum += (none - still) / place;
            none = still;
        }
        return sum;
    }

    /// The chance that an answer is wrong, where all before it are.
    private double noneNext(int right, int before) {
        return Math.max(0.0, size - right - before) / (size - before);
    }
}
