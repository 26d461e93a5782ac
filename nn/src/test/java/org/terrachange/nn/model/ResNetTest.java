package org.terrachange.nn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

class ResNetTest {

    /// The counts of torchvision's models less their classifiers (512 x 1000 + 1000 and 2048 x 1000 + 1000
    /// values).
    @ParameterizedTest
    @CsvSource({
        "RESNET18,11176512,11689512,513000",
        "RESNET34,21284672,21797672,513000",
        "RESNET50,23508032,25557032,2049000"
    })
    void hasTheParametersOfTorchvision(ResNet.Depth depth, long learned, long torchvision, long classifier) {
        try (Parameters parameters = new Parameters()) {
            new ResNet(depth, 4, "", new TrainableConvs(parameters));
            assertThat(parameters.learnedSize()).isEqualTo(learned).isEqualTo(torchvision - classifier);
            assertThat(parameters.all())
                    .extracting(Parameter::name)
                    .contains("conv1.weight", "bn1.running_var", "layer1.0.conv1.weight", "layer4.1.bn2.bias")
                    .contains("layer2.0.downsample.0.weight", "layer2.0.downsample.1.running_mean");
        }
    }

    @Test
    void featuresHaveTheStridesAndChannelsTheyDeclare() {
        try (Parameters parameters = new Parameters()) {
            ResNet encoder = new ResNet(ResNet.Depth.RESNET18, 4, "", new TrainableConvs(parameters));
            parameters.allocate(1);
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                List<Tensor> features = encoder.forward(torch.zeros(2, 3, 64, 96), Mode.INFERENCE);
                for (int k = 0; k < 5; k++) {
                    Tensor feature = features.get(k);
                    assertThat(new long[] {feature.size(0), feature.size(1), feature.size(2), feature.size(3)})
                            .containsExactly(2, ResNet.Depth.RESNET18.channels().get(k), 32 >> k, 48 >> k);
                }
            }
        }
    }

    @Test
    void unknownDepthsAreRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> ResNet.Depth.parse("resnet51"))
                .hasMessageContaining("resnet51")
                .hasMessageContaining("resnet50");
    }
}
