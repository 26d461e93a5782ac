package org.terrachange.hub.download;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "999, 999 bytes",
        "14999, 14 kB",
        "6547304, 6.5 MB",
        "605208421, 605 MB",
        "1710613765, 1.71 GB"
    })
    void sizesAreRoundedForPeople(long bytes, String words) {
        assertThat(Sizes.words(bytes)).isEqualTo(words);
    }
}
