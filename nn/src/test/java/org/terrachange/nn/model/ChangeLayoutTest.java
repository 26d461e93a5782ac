package org.terrachange.nn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.nn.layer.FoldedConvs;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// What every layout promises.
class ChangeLayoutTest {

    private static float[] values(Tensor tensor) {
        return HostCopies.toHost(tensor).toFloats();
    }

    @ParameterizedTest
    @EnumSource
    void answersAtItsStrideAndDoesNotCareWhichDateComesFirst(ChangeLayout layout) {
        try (Parameters parameters = new Parameters()) {
            ChangeNetwork network = layout.build(new TrainableConvs(parameters));
            parameters.allocate(2);
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                torch.manual_seed(1);
                Tensor a = torch.rand(1, 3, 64, 32);
                Tensor b = torch.rand(1, 3, 64, 32);
                Tensor forward = network.forward(a, b, Mode.INFERENCE);
                assertThat(forward.size(2)).isEqualTo(64 / network.outputStride());
                assertThat(forward.size(3)).isEqualTo(32 / network.outputStride());
                assertThat(values(network.forward(b, a, Mode.INFERENCE)))
                        .containsExactly(values(forward), within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLearnedParameterReceivesAGradientFromWhatTrainingSupervises(ChangeLayout layout) {
        try (Parameters parameters = new Parameters()) {
            ChangeNetwork network = layout.build(new TrainableConvs(parameters));
            parameters.allocate(2);
            try (var _ = new PointerScope()) {
                torch.manual_seed(1);
                List<Tensor> answers = network.supervised(torch.rand(2, 3, 64, 64), torch.rand(2, 3, 64, 64));
                Tensor[] sums = answers.stream().map(Tensor::sum).toArray(Tensor[]::new);
                torch.stack(new TensorVector(sums)).sum().backward();
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

    @ParameterizedTest
    @EnumSource
    void theFoldedFormAnswersAsTheTrainableOne(ChangeLayout layout) {
        try (Parameters parameters = new Parameters()) {
            ChangeNetwork network = layout.build(new TrainableConvs(parameters));
            parameters.allocate(2);
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard();
                    var folded = new FoldedConvs(name -> parameters.get(name).tensor(), ComputeMode.REFERENCE)) {
                torch.manual_seed(1);
                Tensor a = torch.rand(2, 3, 32, 64);
                Tensor b = torch.rand(2, 3, 32, 64);
                // One pass in training gives the statistics values other than their first ones.
                network.forward(a, b, Mode.TRAINING);
                assertThat(values(layout.build(folded).forward(a, b, Mode.INFERENCE)))
                        .containsExactly(values(network.forward(a, b, Mode.INFERENCE)), within(1e-3f));
            }
        }
    }

    @Test
    void coarseAnswersStandAtTheStridesOfTheDecoder() {
        try (Parameters parameters = new Parameters()) {
            ChangeNetwork network = ChangeLayout.TERRACHANGE_R50.build(new TrainableConvs(parameters));
            parameters.allocate(2);
            try (var _ = new PointerScope()) {
                List<Tensor> answers = network.supervised(torch.rand(1, 3, 64, 64), torch.rand(1, 3, 64, 64));
                assertThat(answers.stream().map(t -> t.size(3))).containsExactly(64L, 16L, 8L);
            }
        }
    }

    @Test
    void halfPrecisionWeightsOfTheResNet50DetectorFitIntoTheRepository() {
        try (Parameters parameters = new Parameters()) {
            ChangeLayout.TERRACHANGE_R50.build(new TrainableConvs(parameters));
            assertThat(2 * parameters.learnedSize()).isLessThan(60L << 20);
        }
    }
}
