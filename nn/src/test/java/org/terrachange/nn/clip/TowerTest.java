package org.terrachange.nn.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.model.SimClrNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.Device;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.text.TokenBatch;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.PreparedLayers;
import org.terrachange.nn.transformer.TrainableLayers;

class TowerTest {
    private static final ClipConfiguration.Text TEXT = new ClipConfiguration.Text(16, 100, 32, 2, 2);

    private static double distance(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item_double();
    }

    @ParameterizedTest
    @CsvSource({"RESNET50, 3, 64, 96, 4", "RESNET18, 4, 64, 64, 2", "RESNET18, 2, 40, 33, 5"})
    void aResNetGivesAGridOfPatchesAndTheirMean(ResNet.Depth depth, int stages, int height, int width, int grid) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ResNetTower tower = new ResNetTower(depth, stages, grid, 48, new TrainableLayers(parameters));
            parameters.allocate(1);
            Tensor images = torch.randn(2, 3, height, width).contiguous(torch.MemoryFormat.ChannelsLast);
            ImageFeatures features = tower.features(images, Mode.INFERENCE);
            assertThat(features.rows()).isEqualTo(grid);
            assertThat(features.columns()).isEqualTo(grid);
            assertThat(features.width()).isEqualTo(48).isEqualTo(tower.embedDim());
            assertThat(distance(features.tokens().mean(1), features.pooled())).isLessThan(1e-5);
            try (PreparedLayers folded =
                    new PreparedLayers(name -> parameters.get(name).tensor(), ComputeMode.REFERENCE)) {
                ImageFeatures same = new ResNetTower(depth, stages, grid, 48, folded).features(images, Mode.INFERENCE);
                assertThat(distance(same.tokens(), features.tokens())).isLessThan(1e-3);
            }
        }
    }

    @Test
    void aPretrainedEncoderHasTheNamesOfTheTowersEncoder() {
        try (Parameters tower = new Parameters();
                Parameters pretrained = new Parameters()) {
            new ResNetTower(ResNet.Depth.RESNET50, 3, 4, 48, new TrainableLayers(tower));
            new SimClrNetwork(ResNet.Depth.RESNET50, pretrained);
            assertThat(pretrained.all())
                    .extracting(Parameter::name)
                    .containsAll(tower.all().stream()
                            .map(Parameter::name)
                            .filter(name -> name.startsWith("encoder."))
                            .toList());
            assertThat(tower.all())
                    .extracting(Parameter::name)
                    .filteredOn(name -> !name.startsWith("encoder."))
                    .containsExactly("visual.ln_post.weight", "visual.ln_post.bias", "visual.proj");
        }
    }

    @Test
    void whatStandsAfterTheEndTokenDoesNotMatter() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            TextTransformer tower = new TextTransformer(TEXT, 24, Activation.GELU, new TrainableLayers(parameters));
            parameters.allocate(1);
            TokenBatch texts = new TokenBatch(new long[] {98, 5, 6, 99, 98, 7, 99, 0}, 2, 4);
            Tensor plain = tower.forward(texts.toTensor(Device.CPU), ScalarType.Float);
            Tensor padded = tower.forward(texts.padded(16).toTensor(Device.CPU), ScalarType.Float);
            TokenBatch other = new TokenBatch(new long[] {98, 5, 6, 99, 98, 7, 99, 42}, 2, 4);
            assertThat(distance(plain, padded)).isLessThan(1e-5);
            assertThat(distance(plain, tower.forward(other.toTensor(Device.CPU), ScalarType.Float)))
                    .isLessThan(1e-5);
            TokenBatch changed = new TokenBatch(new long[] {98, 5, 7, 99, 98, 7, 99, 0}, 2, 4);
            assertThat(distance(plain, tower.forward(changed.toTensor(Device.CPU), ScalarType.Float)))
                    .isGreaterThan(1e-3);
        }
    }

    @Test
    void idsOfAnotherVocabularyOrShapeAreRefused() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            TextTransformer tower = new TextTransformer(TEXT, 24, Activation.GELU, new TrainableLayers(parameters));
            parameters.allocate(1);
            Tensor foreign = new TokenBatch(new long[] {98, 100}, 1, 2).toTensor(Device.CPU);
            assertThatThrownBy(() -> tower.forward(foreign, ScalarType.Float))
                    .hasMessageContaining("token id 100")
                    .hasMessageContaining("vocabulary of 100");
            Tensor tooLong = new TokenBatch(new long[17], 1, 17).toTensor(Device.CPU);
            assertThatThrownBy(() -> tower.forward(tooLong, ScalarType.Float)).hasMessageContaining("[1, 17]");
            assertThatThrownBy(() -> tower.forward(torch.zeros(2, 4), ScalarType.Float))
                    .hasMessageContaining("64-bit integers");
        }
    }

    /// Freezing the first blocks must leave them without a graph, and the others learning.
    @Test
    void frozenBlocksReceiveNoGradientAndTheOthersDo() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            ClipConfiguration configuration = new ClipConfiguration(
                    "tiny", 24, new ClipConfiguration.PatchTransformer(32, 16, 32, 3, 2), TEXT, Activation.GELU);
            ImageTower tower = ClipModel.imageTower(configuration, new TrainableLayers(parameters));
            parameters.allocate(1);
            parameters.freeze(p -> p.name().matches("visual\\.(conv1|class|positional|ln_pre).*|.*resblocks\\.0\\..*"));
            ImageFeatures features = tower.features(torch.randn(2, 3, 32, 32), Mode.TRAINING);
            features.pooled().mul(features.pooled()).sum().backward();
            for (Parameter p : parameters.all()) {
                double largest = p.frozen() ? 0 : p.tensor().grad().abs().max().item_double();
                assertThat(largest > 0).as(p.name()).isNotEqualTo(p.frozen());
            }
            assertThat(parameters
                            .get("visual.transformer.resblocks.0.attn.in_proj_weight")
                            .frozen())
                    .isTrue();
        }
    }

    @Test
    void imagesOfAnotherSizeAreRefusedByTheTransformer() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            ImageTower tower =
                    ClipModel.imageTower(ClipConfiguration.named("ViT-XS-16"), new TrainableLayers(parameters));
            parameters.allocate(1);
            assertThatThrownBy(() -> tower.features(torch.zeros(1, 3, 256, 256), Mode.INFERENCE))
                    .hasMessageContaining("[n, 3, 224, 224]")
                    .hasMessageContaining("[1, 3, 256, 256]");
        }
    }
}
