package org.terrachange.data.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnrelatedSentencesTest {
    private static final List<String> CAPTIONS =
            List.of("Many houses are built along the road .", "the trees have been removed");

    @Test
    void noSentenceUsesAWordOfTheCaptionsBeyondTheSmallOnes() {
        List<String> sentences = new UnrelatedSentences(CAPTIONS, 3).batch(0, 300);

        for (int i = 0; i < sentences.size(); i++) {
            List<String> words = List.of(sentences.get(i).split(" "));
            assertThat(words).doesNotContain("houses", "built", "along", "trees", "removed", "many");
            if (i % 3 == 2) {
                assertThat(words).containsAnyOf("are", "the");
            }
        }
    }

    @Test
    void aSentenceDependsOnSeedAndPlaceAlone() {
        UnrelatedSentences one = new UnrelatedSentences(CAPTIONS, 3);
        List<String> parts = new ArrayList<>(one.batch(0, 7));
        parts.addAll(one.batch(7, 5));

        assertThat(parts).isEqualTo(new UnrelatedSentences(CAPTIONS, 3).batch(0, 12));
        assertThat(parts).isNotEqualTo(new UnrelatedSentences(CAPTIONS, 4).batch(0, 12));
    }

    @Test
    void withoutCaptionsNothingIsUnrelated() {
        assertThatThrownBy(() -> new UnrelatedSentences(List.of(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are none");
    }
}
