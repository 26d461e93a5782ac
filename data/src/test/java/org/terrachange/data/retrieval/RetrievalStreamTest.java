package org.terrachange.data.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.loader.Prefetcher;
import org.terrachange.data.retrieval.RetrievalStream.Settings;

class RetrievalStreamTest {
    private static final Settings PLAIN = new Settings(4, false, 0, Settings.ENDLESS, 7);

    @TempDir
    Path folder;

    private List<RetrievalSet> sets = List.of();

    @BeforeEach
    void writeTwoSets() throws IOException {
        RetrievalSetTest.write(folder, "large", "train", 11, 1);
        RetrievalSetTest.write(folder, "small", "train", 3, 100);
        sets = RetrievalSet.openAll(folder, folder, "train");
    }

    @AfterEach
    void close() {
        sets.forEach(RetrievalSet::close);
    }

    @Test
    void everyEpochVisitsEachPairOnceInAnOrderOfItsOwn() throws IOException {
        RetrievalStream stream = new RetrievalStream(sets, PLAIN);

        RetrievalBatch one = stream.batch(0, 14);
        RetrievalBatch two = stream.batch(14, 14);

        assertThat(stream.length()).isEqualTo(14);
        assertThat(one.pairs()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        assertThat(two.pairs()).containsExactlyInAnyOrder(one.pairs()).isNotEqualTo(one.pairs());
    }

    @Test
    void theCaptionsOfAPairTakeTurns() throws IOException {
        RetrievalStream stream = new RetrievalStream(sets, PLAIN);
        for (int pair = 0; pair < 14; pair++) {
            Set<String> seen = new HashSet<>();
            for (int epoch = 0; epoch < 2; epoch++) {
                RetrievalBatch batch = stream.batch(14L * epoch, 14);
                for (int i = 0; i < 14; i++) {
                    if (batch.pairs()[i] == pair) {
                        seen.add(batch.sentences().get(i));
                    }
                }
            }
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(stream.sample(pair).sentences());
        }
    }

    @Test
    void anExampleDependsOnTheSeedAndItsNumberAlone() throws IOException {
        RetrievalStream stream = new RetrievalStream(sets, Settings.training(8, 5));
        RetrievalBatch whole = stream.batch(20, 4);
        int image = 3 * 8 * 8;
        for (int i = 0; i < 4; i++) {
            RetrievalBatch single = new RetrievalStream(sets, Settings.training(8, 5)).batch(20 + i, 1);

            assertThat(single.sentences()).containsExactly(whole.sentences().get(i));
            assertThat(single.before())
                    .isEqualTo(java.util.Arrays.copyOfRange(whole.before(), i * image, (i + 1) * image));
            assertThat(single.after())
                    .isEqualTo(java.util.Arrays.copyOfRange(whole.after(), i * image, (i + 1) * image));
        }
        assertThat(new RetrievalStream(sets, Settings.training(8, 6))
                        .batch(20, 4)
                        .before())
                .isNotEqualTo(whole.before());
    }

    @Test
    void bothDatesAreLaidAlike() throws IOException {
        RetrievalStream plain = new RetrievalStream(sets, PLAIN);
        RetrievalStream turned = new RetrievalStream(sets, new Settings(4, true, 0, Settings.ENDLESS, 7));
        RetrievalBatch before = plain.batch(0, 14);
        RetrievalBatch after = turned.batch(0, 14);
        int image = 3 * 4 * 4;
        boolean moved = false;
        for (int i = 0; i < 14; i++) {
            int fits = 0;
            for (int way = 0; way < 8; way++) {
                Turn turn = Turn.numbered(way);
                byte[] one = new byte[16];
                byte[] two = new byte[16];
                turn.apply(before.before(), i * image, 4, one, 0);
                turn.apply(before.after(), i * image, 4, two, 0);
                if (java.util.Arrays.equals(one, 0, 16, after.before(), i * image, i * image + 16)
                        && java.util.Arrays.equals(two, 0, 16, after.after(), i * image, i * image + 16)) {
                    fits++;
                    moved |= way != 0;
                    assertThat(after.sentences().get(i))
                            .isEqualTo(turn.apply(before.sentences().get(i)));
                }
            }
            assertThat(fits).isEqualTo(1);
        }
        assertThat(moved).isTrue();
    }

    @Test
    void captionsThatSayTheSameShareAGroup() throws IOException {
        RetrievalStream stream = new RetrievalStream(sets, PLAIN);
        RetrievalBatch batch = stream.batch(0, 14);
        for (int i = 0; i < 14; i++) {
            assertThat(batch.groups()[i] == CaptionGroups.UNCHANGED)
                    .isEqualTo(!stream.sample(batch.pairs()[i]).changed());
        }

        CaptionGroups groups = new CaptionGroups(sets);
        assertThat(groups.of("A house, 3.")).isEqualTo(groups.of("a  house 3")).isNotEqualTo(groups.of("a house 4"));
        assertThat(groups.of("No change!")).isEqualTo(CaptionGroups.UNCHANGED);
    }

    @Test
    void fewColouringsComeAgain() throws IOException {
        RetrievalStream stream = new RetrievalStream(sets, new Settings(8, true, 1, 2, 5));
        int image = 3 * 8 * 8;
        Set<RetrievalExample.View> views = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            RetrievalExample example = stream.example(i);
            if (example.pair() == 4) {
                views.add(example.view());
            }
        }
        byte[] shown = new byte[image];
        byte[] again = new byte[image];
        byte[] other = new byte[image];
        stream.render(4, new RetrievalExample.View(3, 0), shown, new byte[image], 0);
        stream.render(4, new RetrievalExample.View(3, 0), again, new byte[image], 0);
        stream.render(4, new RetrievalExample.View(3, 1), other, new byte[image], 0);

        assertThat(views).hasSizeBetween(3, 16).allMatch(view -> view.colours() >= 0 && view.colours() < 2);
        assertThat(again).isEqualTo(shown);
        assertThat(other).isNotEqualTo(shown);
    }

    @Test
    void batchesComeInOrderFromThePrefetcher() throws IOException, InterruptedException {
        RetrievalStream stream = new RetrievalStream(sets, Settings.training(8, 5));
        try (Prefetcher<RetrievalBatch> ahead = new Prefetcher<>(stream, 0, 5, 2)) {
            for (int i = 0; i < 6; i++) {
                assertThat(ahead.next().before())
                        .isEqualTo(stream.batch(5L * i, 5).before());
            }
        }
    }
}
