package org.terrachange.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelHubTest {
    /// SHA-256 of the three letters "abc", from FIPS 180-2, appendix B.1.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    private ModelHub hub() {
        return new ModelHub(new ModelRegistry(List.of(entry("letters", ABC))), Optional.of(folder));
    }

    private static ModelEntry entry(String name, String sha256) {
        return new ModelEntry(
                name,
                new WeightSource.Bundled("letters.safetensors"),
                3,
                sha256,
                "terrachange-lite",
                "free",
                "Letters.");
    }

    @Test
    void aNameStandsForItsIntactFile() throws IOException {
        Path file = Files.writeString(folder.resolve("letters.safetensors"), "abc");

        assertThat(hub().resolve("letters")).isEqualTo(file);
        assertThat(hub().isPresent(entry("letters", ABC))).isTrue();
    }

    @Test
    void anExistingFileWinsAndIsNotComparedWithTheRegistry() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.pth"), "anything");

        assertThat(hub().resolve(file.toString())).isEqualTo(file);
    }

    @Test
    void aFileOfAnotherLengthIsRefused() throws IOException {
        Files.writeString(folder.resolve("letters.safetensors"), "abcd");

        assertThatThrownBy(() -> hub().resolve("letters"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("4 bytes instead of 3");
    }

    @Test
    void anExchangedFileIsRefused() throws IOException {
        Files.writeString(folder.resolve("letters.safetensors"), "abd");

        assertThatThrownBy(() -> hub().resolve("letters"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining(ABC);
    }

    @Test
    void aMissingBundledFileIsNamed() {
        assertThatThrownBy(() -> hub().resolve("letters"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("letters.safetensors is missing");
        assertThat(hub().isPresent(entry("letters", ABC))).isFalse();
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> hub().resolve("latters"))
                .isInstanceOf(HubException.class)
                .hasMessage("latters: no such model; choose one of letters, or give a file");
    }

    @Test
    void aPathThatLeadsNowhereIsCalledAFile() {
        assertThatThrownBy(() -> hub().resolve("weights/none.pth"))
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith("weights/none.pth: no such file");
    }

    @Test
    void theBundledRegistryIsWellFormed() {
        assertThat(ModelRegistry.bundled().models()).isNotEmpty().allSatisfy(model -> {
            assertThat(model.description()).isNotBlank();
            assertThat(model.licence()).isNotBlank();
        });
    }

    @Test
    void twoModelsOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ModelRegistry(List.of(entry("a", ABC), entry("a", ABC))))
                .withMessageContaining("two models are named a");
    }

    @Test
    void aBundledModelMayNotLeadOutOfItsFolder() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WeightSource.Bundled("../elsewhere.safetensors"));
    }
}
