package org.terrachange.nn.tensor;

import java.util.random.RandomGenerator;

/// How a parameter starts out before any training.
public sealed interface Initializer {

    /// Fills row-major `values`.
    void fill(float[] values, RandomGenerator random);

    /// Every value the same.
    record Constant(float value) implements Initializer {
        @Override
        public void fill(float[] values, RandomGenerator random) {
            java.util.Arrays.fill(values, value);
        }
    }

    /// Normal with variance `2 / fan`, which keeps the variance of activations through rectified layers (He et al.
    /// 2015, "Delving deep into rectifiers").
    ///
    /// @param fan inputs (or outputs) that meet in one unit
    record HeNormal(long fan) implements Initializer {
        @Override
        public void fill(float[] values, RandomGenerator random) {
            double deviation = Math.sqrt(2.0 / fan);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
        }
    }

    /// Normal around 0: embeddings, and the projections of transformers.
    ///
    /// @param deviation standard deviation, above 0
    record Normal(double deviation) implements Initializer {
        @Override
        public void fill(float[] values, RandomGenerator random) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
        }
    }
}
