package org.terrachange.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Initializer;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameter.Kind;
import org.terrachange.nn.tensor.Parameters;

class WeightAverageTest {

    @Test
    void followsTheValuesAndSwapsBackAndForth() {
        try (Parameters parameters = new Parameters()) {
            Parameter weight = parameters.declare("weight", Kind.WEIGHT, new Initializer.Constant(1), 1);
            Parameter mean = parameters.declare("mean", Kind.BUFFER, new Initializer.Constant(10), 1);
            parameters.allocate(0);
            try (WeightAverage average = new WeightAverage(parameters, 0.5)) {
                double expected = 1;
                for (int update = 1; update <= 20; update++) {
                    HostCopies.fill(weight.tensor(), new float[] {update});
                    average.update();
                    double keep = Math.min(0.5, (1.0 + update) / (10.0 + update));
                    expected = keep * expected + (1 - keep) * update;
                }
                average.swap();
                assertThat((double) value(weight)).isCloseTo(expected, within(1e-5));
                assertThat(value(mean)).isEqualTo(10);
                average.swap();
                assertThat(value(weight)).isEqualTo(20);
            }
        }
    }

    private static float value(Parameter parameter) {
        return HostCopies.toHost(parameter.tensor()).toFloats()[0];
    }
}
