package org.terrachange.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Initializer;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameter.Kind;
import org.terrachange.nn.tensor.Parameters;

class LarsTest {
    private static final double DECAY = 0.01;

    /// One tensor under the rule of You et al. 2017 as SimCLR's program applies it.
    private static final class Naive {
        private final double[] values;
        private final double[] velocity;
        private final boolean scaled;

        Naive(double[] values, boolean scaled) {
            this.values = values;
            this.velocity = new double[values.length];
            this.scaled = scaled;
        }

        void step(float[] gradient, double rate) {
            double[] g = new double[values.length];
            double length = 0;
            double slope = 0;
            for (int i = 0; i < g.length; i++) {
                g[i] = gradient[i] + (scaled ? DECAY * values[i] : 0);
                length += values[i] * values[i];
                slope += g[i] * g[i];
            }
            double trust = scaled ? 0.001 * Math.sqrt(length) / Math.sqrt(slope) : 1;
            for (int i = 0; i < g.length; i++) {
                velocity[i] = 0.9 * velocity[i] + rate * trust * g[i];
                values[i] -= velocity[i];
            }
        }
    }

    @Test
    void everyStepEqualsTheRuleOfThePaperAndBiasesAreNotScaled() {
        Random random = new Random(12);
        try (Parameters parameters = new Parameters()) {
            Parameter bias = parameters.declare("bias", Kind.UNDECAYED, new Initializer.Constant(0.5f), 3);
            Parameter first = parameters.declare("first", Kind.WEIGHT, new Initializer.Constant(2), 4);
            Parameter second = parameters.declare("second", Kind.WEIGHT, new Initializer.Constant(-1), 2, 2);
            parameters.allocate(0);
            Naive[] naive = {
                new Naive(new double[] {0.5, 0.5, 0.5}, false),
                new Naive(new double[] {2, 2, 2, 2}, true),
                new Naive(new double[] {-1, -1, -1, -1}, true)
            };
            Parameter[] all = {bias, first, second};
            try (Lars optimizer = new Lars(parameters, DECAY)) {
                for (int step = 1; step <= 5; step++) {
                    double rate = 0.3 * step;
                    for (int p = 0; p < 3; p++) {
                        float[] gradient = new float[(int) all[p].size()];
                        for (int i = 0; i < gradient.length; i++) {
                            gradient[i] = (float) random.nextGaussian();
                        }
                        HostCopies.fill(all[p].tensor().grad(), gradient);
                        naive[p].step(gradient, rate);
                    }
                    optimizer.step(rate);
                    assertThat(optimizer.steps()).isEqualTo(step);
                    for (int p = 0; p < 3; p++) {
                        float[] values = HostCopies.toHost(all[p].tensor()).toFloats();
                        for (int i = 0; i < values.length; i++) {
                            assertThat((double) values[i]).isCloseTo(naive[p].values[i], within(1e-5));
                        }
                    }
                }
            }
        }
    }

    @Test
    void aWeightOfZerosOrWithoutGradientIsLeftAlone() {
        try (Parameters parameters = new Parameters()) {
            Parameter zeros = parameters.declare("zeros", Kind.WEIGHT, new Initializer.Constant(0), 3);
            parameters.allocate(0);
            try (Lars optimizer = new Lars(parameters, DECAY)) {
                optimizer.step(1);
                assertThat(HostCopies.toHost(zeros.tensor()).toFloats()).containsOnly(0);
            }
        }
    }
}
