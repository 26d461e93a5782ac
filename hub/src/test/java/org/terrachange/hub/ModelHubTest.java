package org.terrachange.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.hub.digest.Fingerprint;
import org.terrachange.hub.digest.Sha256;

class ModelHubTest {
    /// SHA-256 of the three letters "abc", from FIPS 180-2, appendix B.1.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    private static ModelEntry letters() {
        return new ModelEntry(
                "letters",
                new WeightSource.Bundled("letters.safetensors"),
                new FileSize.Exact(3),
                new Fingerprint.Exact(new Sha256(ABC)),
                ModelTask.CHANGE_DETECTION,
                "terrachange-lite",
                "none",
                "free",
                "Letters.");
    }

    private ModelHub hub() throws IOException {
        return new ModelHub(
                new ModelRegistry(List.of(letters())),
                Optional.of(folder),
                HubSettings.of(Map.of("TERRACHANGE_HOME", folder.resolve("home").toString())));
    }

    @Test
    void aNameStandsForItsIntactFile() throws IOException {
        Path file = Files.writeString(folder.resolve("letters.safetensors"), "abc");

        assertThat(hub().resolve("letters")).isEqualTo(file);
        assertThat(hub().status(letters())).isEqualTo(new ModelStatus.Present());
        assertThat(hub().verify(letters())).isEqualTo(Verification.INTACT);
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
        assertThat(hub().verify(letters())).isEqualTo(Verification.DAMAGED);
    }

    @Test
    void aMissingBundledFileIsNamed() throws IOException {
        assertThatThrownBy(() -> hub().resolve("letters"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("letters.safetensors is missing");
        assertThat(hub().status(letters())).isEqualTo(new ModelStatus.Absent());
        assertThat(hub().verify(letters())).isEqualTo(Verification.ABSENT);
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
    void settingsThatMakeNoSenseAreNamed() {
        assertThatThrownBy(() -> HubSettings.of(Map.of("TERRACHANGE_TIMEOUT", "soon")))
                .isInstanceOf(HubException.class)
                .hasMessage("TERRACHANGE_TIMEOUT: must be 1 to 3600 whole seconds, got \"soon\"");
        assertThatThrownBy(() -> HubSettings.of(Map.of("HTTPS_PROXY", "socks5://somebody:secret@host:1080")))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("HTTPS_PROXY must be the address of an HTTP proxy")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aSwitchThatSaysNoIsOff() throws IOException {
        assertThat(HubSettings.of(Map.of("TERRACHANGE_OFFLINE", "1")).offline()).isTrue();
        assertThat(HubSettings.of(Map.of("TERRACHANGE_OFFLINE", "no")).offline())
                .isFalse();
        assertThat(HubSettings.of(Map.of()).offline()).isFalse();
    }
}
