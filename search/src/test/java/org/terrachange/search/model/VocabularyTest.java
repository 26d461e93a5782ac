package org.terrachange.search.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final Vocabulary KNOWN = Vocabulary.of(List.of("Two houses, a road.", "a road is gone"));

    @Test
    void wordsOfTheSentencesAreKnownInAnyCaseAndPunctuation() {
        assertThat(KNOWN.words()).containsExactly("a", "gone", "houses", "is", "road", "two");
        assertThat(KNOWN.unknown("A ROAD; (houses)!")).isEmpty();
    }

    @Test
    void otherWordsAreNamedOnceInTheirOrder() {
        assertThat(KNOWN.unknown("zebras, a road, Apples and zebras")).containsExactly("zebras", "apples", "and");
        assertThat(KNOWN.unknown("")).isEmpty();
        assertThat(KNOWN.unknown("?!")).isEmpty();
    }
}
