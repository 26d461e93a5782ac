package org.terrachange.hub.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
    /// Of "abc" and of a million times the letter a, from FIPS 180-2, appendices B.1 and B.3.
    private static final Sha256 ABC = new Sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    private static final Sha256 MILLION =
            new Sha256("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");

    @TempDir
    private Path folder;

    @Test
    void filesHaveTheDigestsOfTheStandard() throws IOException {
        assertThat(Sha256.of(Files.writeString(folder.resolve("abc"), "abc"))).isEqualTo(ABC);
        assertThat(Sha256.of(Files.writeString(folder.resolve("million"), "a".repeat(1_000_000))))
                .isEqualTo(MILLION);
    }

    @Test
    void whatIsKnownMustMatch() {
        assertThat(new Fingerprint.Exact(ABC).matches(ABC)).isTrue();
        assertThat(new Fingerprint.Exact(ABC).matches(MILLION)).isFalse();
        assertThat(new Fingerprint.Prefix("ba7816bf").matches(ABC)).isTrue();
        assertThat(new Fingerprint.Prefix("ba7816bf").matches(MILLION)).isFalse();
        assertThat(new Fingerprint.Unknown().matches(MILLION)).isTrue();
    }

    @Test
    void digitsMustBeSmallAndEnough() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sha256("BA7816BF"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Fingerprint.Prefix("ba7816b"));
    }
}
