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

class AdamWTest {
    private static final double DECAY = 0.1;

    /// Algorithm 2 of Loshchilov and Hutter 2019, value by value.
    private static final class Naive {
        private final double decay;
        private double value;
        private double mean;
        private double variance;

        Naive(double value, double decay) {
            this.value = value;
            this.decay = decay;
        }

        void step(int t, double gradient, double rate) {
            mean = 0.9 * mean + 0.1 * gradient;
            variance = 0.999 * variance + 0.001 * gradient * gradient;
            double m = mean / (1 - Math.pow(0.9, t));
            double v = variance / (1 - Math.pow(0.999, t));
            value -= rate * decay * value + rate * m / (Math.sqrt(v) + 1e-8);
        }
    }

    @Test
    void everyStepEqualsTheAlgorithmOfThePaper() {
        Random random = new Random(3);
        try (Parameters parameters = new Parameters()) {
            Parameter bias = parameters.declare("bias", Kind.UNDECAYED, new Initializer.Constant(0.5f), 3);
            Parameter weight = parameters.declare("weight", Kind.WEIGHT, new Initializer.Constant(2), 2, 2);
            parameters.allocate(0);
            Naive[] weights = {new Naive(2, DECAY), new Naive(2, DECAY), new Naive(2, DECAY), new Naive(2, DECAY)};
            Naive[] biases = {new Naive(0.5, 0), new Naive(0.5, 0), new Naive(0.5, 0)};
            try (AdamW optimizer = new AdamW(parameters, DECAY)) {
                for (int t = 1; t <= 5; t++) {
                    double rate = 0.01 * t;
                    gradient(weight, weights, random, t, rate);
                    gradient(bias, biases, random, t, rate);
                    optimizer.step(rate);
                }
            }
            check(weight, weights);
            check(bias, biases);
        }
    }

    private static void gradient(Parameter parameter, Naive[] naive, Random random, int t, double rate) {
        float[] gradient = new float[naive.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) random.nextGaussian();
            naive[i].step(t, gradient[i], rate);
        }
        HostCopies.fill(parameter.tensor().grad(), gradient);
    }

    private static void check(Parameter parameter, Naive[] naive) {
        float[] values = HostCopies.toHost(parameter.tensor()).toFloats();
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(naive[i].value, within(1e-5));
        }
    }

    @Test
    void aStepSetsTheGradientsToZero() {
        try (Parameters parameters = new Parameters()) {
            Parameter weight = parameters.declare("weight", Kind.WEIGHT, new Initializer.Constant(1), 2);
            parameters.allocate(0);
            try (AdamW optimizer = new AdamW(parameters, 0)) {
                HostCopies.fill(weight.tensor().grad(), new float[] {3, 4});
                optimizer.step(0.1);
                assertThat(HostCopies.toHost(parameters.gradients()).toFloats()).containsOnly(0);
            }
        }
    }

    @Test
    void clippingShortensLongGradientsAndLeavesShortOnes() {
        try (Parameters parameters = new Parameters()) {
            Parameter weight = parameters.declare("weight", Kind.WEIGHT, new Initializer.Constant(1), 2);
            parameters.allocate(0);
            try (AdamW optimizer = new AdamW(parameters, 0)) {
                HostCopies.fill(weight.tensor().grad(), new float[] {3, 4});
                assertThat(parameters.clipGradients(1)).isCloseTo(5, within(1e-6));
                assertThat(HostCopies.toHost(weight.tensor().grad()).toFloats()).containsExactly(0.6f, 0.8f);
                assertThat(parameters.clipGradients(2)).isCloseTo(1, within(1e-6));
                assertThat(HostCopies.toHost(weight.tensor().grad()).toFloats()).containsExactly(0.6f, 0.8f);
            }
        }
    }

    @Test
    void sharesScaleTheRateAndFrozenParametersStayAsTheyAre() {
        try (Parameters parameters = new Parameters()) {
            Parameter frozen = parameters.declare("frozen", Kind.WEIGHT, new Initializer.Constant(2), 2);
            Parameter slow = parameters.declare("slow", Kind.WEIGHT, new Initializer.Constant(2), 2);
            Parameter fast = parameters.declare("fast", Kind.UNDECAYED, new Initializer.Constant(2), 2);
            parameters.allocate(0);
            parameters.freeze(p -> p == frozen);
            Naive slowly = new Naive(2, DECAY);
            Naive quickly = new Naive(2, 0);
            try (AdamW optimizer = new AdamW(parameters, DECAY, p -> p == slow ? 0.25 : 1)) {
                for (int t = 1; t <= 4; t++) {
                    HostCopies.fill(slow.tensor().grad(), new float[] {t, t});
                    HostCopies.fill(fast.tensor().grad(), new float[] {t, t});
                    slowly.step(t, t, 0.025);
                    quickly.step(t, t, 0.1);
                    optimizer.step(0.1);
                }
            }
            check(frozen, new Naive[] {new Naive(2, 0), new Naive(2, 0)});
            check(slow, new Naive[] {slowly, slowly});
            check(fast, new Naive[] {quickly, quickly});
        }
    }
}
