package org.terrachange.data.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParaphrasesTest {
    @Test
    void captionsAreSaidInOtherWordsOfTheField() {
        Paraphrases paraphrases = new Paraphrases(1, 5);
        Set<String> said = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            said.add(paraphrases.of("Some trees are removed .", i));
        }

        assertThat(said)
                .contains("some deforestation", "some trees are felled")
                .doesNotContain("some trees are removed");
        assertThat(said).allMatch(text -> text.startsWith("some "));
        assertThat(paraphrases.phrases()).contains("deforestation", "trees are removed");
    }

    @Test
    void wordsWithoutOthersStayAsTheyAre() {
        assertThat(new Paraphrases(1, 5).of("A giraffe, at last!", 3)).isEqualTo("A giraffe, at last!");
    }

    @Test
    void aChoiceDependsOnSeedAndIndexAlone() {
        String caption = "many houses are built along the road and some trees are removed";
        assertThat(new Paraphrases(0.5, 5).of(caption, 17)).isEqualTo(new Paraphrases(0.5, 5).of(caption, 17));
        Set<String> said = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            said.add(new Paraphrases(0.5, 5).of(caption, i));
        }
        assertThat(said.size()).isGreaterThan(20);
    }

    @Test
    void aShareOfNothingExchangesNothing() {
        Paraphrases none = new Paraphrases(0, 5);
        assertThat(none.of("Houses are built.", 1)).isEqualTo("Houses are built.");
        assertThat(none.phrases()).isEmpty();
        assertThatThrownBy(() -> new Paraphrases(1.5, 1)).hasMessageContaining("1.5");
    }
}
