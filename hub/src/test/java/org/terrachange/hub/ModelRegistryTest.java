package org.terrachange.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.hub.digest.Fingerprint;

class ModelRegistryTest {
    private static final String ITEM = """
            {"name": "mine", "file": "mine.pth", "urls": ["https://example.org/mine.pth"], "task": "image-encoder",
             "layout": "none", "normalization": "none", "licence": "none", "description": "Mine."}""";

    @TempDir
    private Path folder;

    private static ModelRegistry parse(String items) {
        return new ModelRegistry(
                RegistryFile.parse(("{\"models\": [" + items + "]}").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theRegistryOfTheProgramIsWellFormed() {
        assertThat(ModelRegistry.bundled().models()).isNotEmpty().allSatisfy(model -> {
            assertThat(model.description()).isNotBlank();
            assertThat(model.licence()).isNotBlank();
            assertThat(model.normalization()).isNotBlank();
        });
        assertThat(ModelRegistry.bundled().models().getFirst().source()).isInstanceOf(WeightSource.Bundled.class);
    }

    @Test
    void publishersAreAskedOverHttpsOnly() {
        assertThat(ModelRegistry.bundled().models()).allSatisfy(model -> {
            if (model.source() instanceof WeightSource.Downloaded(String _, var origins)) {
                assertThat(origins)
                        .allSatisfy(origin -> assertThat(origin.url()).hasScheme("https"));
            }
        });
    }

    @Test
    void whatIsNotKnownMayBeLeftOut() {
        ModelEntry entry = parse(ITEM).models().getFirst();

        assertThat(entry.size()).isEqualTo(new FileSize.Unknown());
        assertThat(entry.fingerprint()).isEqualTo(new Fingerprint.Unknown());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "name": "mine"                | "name": "My model"         | small letters, digits, dots and hyphens
            "name": "mine",               | "x": 1,                    | "x"
            "file": "mine.pth"            | "file": "../mine.pth"      | plain name
            https://example.org/mine.pth  | ftp://example.org/mine.pth | https:// or http://
            ["https://example.org/mine.pth"] | []                      | needs an address
            image-encoder                 | encoder                    | unknown task "encoder": choose change-detection
            "layout": "none",             | "sha256Prefix": "12",      | 8 to 63
            "layout": "none",             | "sha256": "12",            | 64 lower-case
            """)
    void aBadItemIsRefusedWithTheReason(String good, String bad, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(ITEM.replace(good, bad)))
                .withMessageContaining(reason);
    }

    @Test
    void twoModelsOfOneNameOrOneFileAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(ITEM + "," + ITEM))
                .withMessage("two models are named mine");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(ITEM + "," + ITEM.replace("\"mine\"", "\"yours\"")))
                .withMessage("two models have a file named mine.pth");
    }

    @Test
    void aBundledModelMustBeKnownToTheLastByte() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(ITEM.replace("\"file\"", "\"bundled\"")))
                .withMessageContaining("must be known");
    }

    @Test
    void aBundledModelMayNotLeadOutOfItsFolder() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WeightSource.Bundled("../elsewhere.safetensors"));
    }

    @Test
    void aFileAddsItsModelsAfterThoseThatAreThere() throws IOException {
        Path file = Files.writeString(folder.resolve("more.json"), "{\"models\": [" + ITEM + "]}");

        ModelRegistry more = ModelRegistry.bundled().and(file);

        assertThat(more.models().getLast().name()).isEqualTo("mine");
        assertThat(more.models()).hasSize(ModelRegistry.bundled().models().size() + 1);
    }

    @Test
    void aFileThatIsNoRegistryIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("more.json"), "[]");

        assertThatThrownBy(() -> ModelRegistry.bundled().and(file))
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith(file + ": is no registry of models");
    }
}
