package org.terrachange.nn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

class LightSiameseUNetTest {

    @Test
    void answersAtFullResolutionAndDoesNotCareWhichDateComesFirst() {
        try (Parameters parameters = new Parameters()) {
            ChangeNetwork network = ChangeLayout.TERRACHANGE_LITE.build(new TrainableConvs(parameters));
            parameters.allocate(2);
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                torch.manual_seed(1);
                Tensor a = torch.rand(1, 3, 64, 32);
                Tensor b = torch.rand(1, 3, 64, 32);
                Tensor forward = network.forward(a, b, Mode.INFERENCE);
                assertThat(forward.size(2)).isEqualTo(64);
                assertThat(forward.size(3)).isEqualTo(32);
                float[] there = HostCopies.toHost(forward).toFloats();
                float[] back =
                        HostCopies.toHost(network.forward(b, a, Mode.INFERENCE)).toFloats();
                for (int i = 0; i < there.length; i++) {
                    assertThat(back[i]).isCloseTo(there[i], within(1e-4f));
                }
            }
        }
    }

    @Test
    void everyLearnedParameterReceivesAGradient() {
        try (Parameters parameters = new Parameters()) {
            ChangeNetwork network = ChangeLayout.TERRACHANGE_LITE.build(new TrainableConvs(parameters));
            parameters.allocate(2);
            try (var _ = new PointerScope()) {
                torch.manual_seed(1);
                network.forward(torch.rand(2, 3, 64, 64), torch.rand(2, 3, 64, 64), Mode.TRAINING)
                        .sum()
                        .backward();
            }
            for (Parameter p : parameters.all()) {
                if (p.kind() != Parameter.Kind.BUFFER) {
                    assertThat(p.tensor().grad().abs().sum().item_double())
                            .as(p.name())
                            .isPositive();
                }
            }
        }
    }
}
