package org.terrachange.search.index;

import org.apache.lucene.util.VectorUtil;

/// Vectors of length 1.
final class UnitVectors {
    private static final double SHORTEST = 1e-12;

    private UnitVectors() {}

    /// A copy brought to length 1.
    ///
    /// @throws IllegalArgumentException if it does not have `dimension` numbers, or no direction
    static float[] of(float[] vector, int dimension) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException("the query's vector has " + vector.length
                    + " numbers, those of the index have " + dimension + ": embed the query by the index's model");
        }
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        if (!(length > SHORTEST && length < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the query's vector has no direction, its length is " + length);
        }
        float[] unit = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    /// The cosine of the angle between two vectors of length 1.
    static double dot(float[] a, float[] b) {
        return VectorUtil.dotProduct(a, b);
    }
}
