package org.terrachange.data.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SentencePairsTest {
    private static final List<CaptionedSample> SAMPLES = List.of(
            new CaptionedSample("a", "1", true, List.of("a house appears", "one house is built", "a villa is new")),
            new CaptionedSample("b", "1", true, List.of("a road appears", "a road is built")),
            new CaptionedSample("c", "2", true, List.of("alone")),
            new CaptionedSample("d", "2", false, List.of("no change", "the same as before")),
            new CaptionedSample("e", "2", false, List.of("no change", "the same as before")));

    @Test
    void eachEpochTakesTwoSentencesOfEveryPairThatHasThem() {
        SentencePairs pairs = new SentencePairs(SAMPLES, 3);
        assertThat(pairs.length()).isEqualTo(3);
        for (int epoch = 0; epoch < 20; epoch++) {
            SentencePairs.Batch batch = pairs.batch(3L * epoch, 3);
            List<Integer> owners = IntStream.range(0, 3)
                    .mapToObj(i -> IntStream.of(0, 1, 3)
                            .filter(s -> SAMPLES.get(s)
                                            .sentences()
                                            .contains(batch.ones().get(i))
                                    && SAMPLES.get(s)
                                            .sentences()
                                            .contains(batch.others().get(i)))
                            .findFirst()
                            .orElseThrow())
                    .toList();
            assertThat(owners).containsExactlyInAnyOrder(0, 1, 3);
            for (int i = 0; i < 3; i++) {
                assertThat(batch.ones().get(i)).isNotEqualTo(batch.others().get(i));
                assertThat(batch.groups()[i] == CaptionGroups.UNCHANGED).isEqualTo(owners.get(i) == 3);
            }
        }
    }

    @Test
    void anExampleDependsOnTheSeedAndItsNumberAlone() {
        SentencePairs.Batch whole = new SentencePairs(SAMPLES, 3).batch(4, 5);
        SentencePairs.Batch single = new SentencePairs(SAMPLES, 3).batch(7, 1);
        assertThat(single.ones()).containsExactly(whole.ones().get(3));
        assertThat(single.others()).containsExactly(whole.others().get(3));
    }

    @Test
    void pairsOfOneSentenceEachAreRefused() {
        assertThatThrownBy(() -> new SentencePairs(SAMPLES.subList(2, 3), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two sentences");
    }
}
