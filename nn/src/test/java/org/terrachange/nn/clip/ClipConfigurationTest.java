package org.terrachange.nn.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.TrainableLayers;

class ClipConfigurationTest {
    static final java.util.List<String> NAMES = ClipConfiguration.NAMES;

    /// The numbers of parameters that open_clip states for its models.
    @ParameterizedTest
    @CsvSource({
        "ViT-B-32, 151277313",
        "ViT-B-32-quickgelu, 151277313",
        "ViT-L-14, 427616513",
        "RN50, 102007137",
        "RN50-quickgelu, 102007137"
    })
    void publishedModelsHaveTheirNumberOfParameters(String name, long parameters) {
        try (Parameters declared = new Parameters()) {
            new ClipModel(ClipConfiguration.named(name), new TrainableLayers(declared));
            assertThat(declared.learnedSize()).isEqualTo(parameters);
        }
    }

    @Test
    void theSmallModelTakesAboutTwentyMegabytesInHalfPrecision() {
        try (Parameters declared = new Parameters()) {
            new ClipModel(ClipConfiguration.named("ViT-XS-16"), new TrainableLayers(declared));
            assertThat(2 * declared.learnedSize()).isBetween(15_000_000L, 21_000_000L);
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theTextOfAConfigurationIsReadBackEqual(String name) {
        ClipConfiguration configuration = ClipConfiguration.named(name);
        assertThat(ClipConfiguration.parse(name, configuration.toJson())).isEqualTo(configuration);
        assertThat(configuration.activation())
                .isEqualTo(name.endsWith("-quickgelu") ? Activation.QUICK_GELU : Activation.GELU);
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> ClipConfiguration.named("ViT-B-33"))
                .hasMessageContaining("ViT-B-33")
                .hasMessageContaining("ViT-B-32-quickgelu");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|not a JSON text",
                "{}|vision_cfg",
                "{'embed_dim':8,'vision_cfg':{},'text_cfg':{}}|image_size",
                "{'embed_dim':8,'vision_cfg':{'timm_model_name':'x'},'text_cfg':{}}|timm_model_name",
            })
    void textsThatAreNoConfigurationAreRefused(String json, String reason) {
        assertThatThrownBy(() -> ClipConfiguration.parse("x", json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void sizesThatDoNotGoTogetherAreRefused() {
        assertThatThrownBy(() -> new ClipConfiguration.PatchTransformer(224, 30, 768, 12, 12))
                .hasMessageContaining("30 pixels do not divide");
        assertThatThrownBy(() -> new ClipConfiguration.PatchTransformer(224, 32, 768, 12, 13))
                .hasMessageContaining("13 heads");
        assertThatThrownBy(() -> new ClipConfiguration.Text(77, 49408, 512, 7, 12))
                .hasMessageContaining("7 heads");
        assertThatThrownBy(() -> new ClipConfiguration.Text(77, 0, 512, 8, 12)).hasMessageContaining("vocab_size");
        assertThatThrownBy(() -> new ClipConfiguration.ModifiedResNet(200, java.util.List.of(3, 4, 6, 3), 64))
                .hasMessageContaining("multiple of 32");
    }

    @Test
    void configurationFilesOfOpenClipAreReadAndFaultsNameTheFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("open_clip_config.json");
        Files.writeString(
                file, "{\"model_cfg\": " + ClipConfiguration.named("ViT-B-32").toJson() + ", \"preprocess_cfg\": {}}");
        assertThat(ClipConfiguration.read(file).vision())
                .isEqualTo(ClipConfiguration.named("ViT-B-32").vision());
        Files.writeString(file, "[]");
        assertThatThrownBy(() -> ClipConfiguration.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("open_clip_config.json");
    }
}
