package org.terrachange.nn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.terrachange.nn.tensor.Parameter.Kind;

class ParametersTest {

    @Test
    void parametersAreViewsIntoOneVectorWithDecayedWeightsFirst() {
        try (Parameters parameters = new Parameters()) {
            parameters.declare("b", Kind.UNDECAYED, new Initializer.Constant(2), 2);
            Parameter w = parameters.declare("w", Kind.WEIGHT, new Initializer.Constant(1), 3);
            parameters.declare("s", Kind.BUFFER, new Initializer.Constant(7), 1);
            parameters.allocate(0);
            assertThat(HostCopies.toHost(parameters.values()).toFloats()).containsExactly(1, 1, 1, 2, 2);
            assertThat(HostCopies.toHost(parameters.statistics()).toFloats()).containsExactly(7);
            assertThat(parameters.decayedSize()).isEqualTo(3);
            HostCopies.fill(w.tensor(), new float[] {4, 5, 6});
            assertThat(HostCopies.toHost(parameters.values()).toFloats()).containsExactly(4, 5, 6, 2, 2);
        }
    }

    @Test
    void gradientsArriveInTheSharedVector() {
        try (Parameters parameters = new Parameters()) {
            Parameter w = parameters.declare("w", Kind.WEIGHT, new Initializer.Constant(3), 2);
            parameters.allocate(0);
            try (var _ = new PointerScope()) {
                w.tensor().mul(w.tensor()).sum().backward();
            }
            assertThat(HostCopies.toHost(parameters.gradients()).toFloats()).containsExactly(6, 6);
        }
    }

    @Test
    void firstValuesDependOnSeedAndNameAloneAndHaveTheSpreadAskedFor() {
        float[] first = drawn(5, "before");
        assertThat(drawn(5, "other")).isEqualTo(first);
        assertThat(drawn(6, "before")).isNotEqualTo(first);
        double squares = 0;
        for (float v : first) {
            squares += v * v;
        }
        assertThat(squares / first.length).isCloseTo(2.0 / 50, within(0.002));
    }

    private static float[] drawn(long seed, String neighbour) {
        try (Parameters parameters = new Parameters()) {
            parameters.declare(neighbour, Kind.WEIGHT, new Initializer.HeNormal(3), 7);
            Parameter w = parameters.declare("w", Kind.WEIGHT, new Initializer.HeNormal(50), 100, 100);
            parameters.allocate(seed);
            return HostCopies.toHost(w.tensor()).toFloats();
        }
    }

    @Test
    void aNameCanBeTakenOnce() {
        try (Parameters parameters = new Parameters()) {
            parameters.declare("w", Kind.WEIGHT, new Initializer.Constant(1), 1);
            assertThatThrownBy(() -> parameters.declare("w", Kind.WEIGHT, new Initializer.Constant(1), 1))
                    .hasMessageContaining("w");
        }
    }
}
