package org.terrachange.detect.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.data.pairs.PairImages;
import org.terrachange.detect.model.PairScorer;

class EvaluatorTest {
    /// What is white in the red of the later date has surely changed.
    private static final PairScorer BY_COLOUR = (_, after, count, height, width) -> {
        assertThat(height % 32).isZero();
        assertThat(width % 32).isZero();
        float[] scores = new float[count * height * width];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (after[i] & 0xff) / 255f;
        }
        return scores;
    };

    /// A pair whose mask says what [#BY_COLOUR] will.
    private static PairImages pair(int width, int height) {
        byte[] after = new byte[3 * width * height];
        byte[] change = new byte[width * height];
        for (int i = 0; i < change.length; i++) {
            if (i % 7 == 3) {
                after[i] = (byte) 255;
                change[i] = 1;
            }
        }
        return new PairImages(width, height, new byte[3 * width * height], after, change);
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"WHOLE", "CROPS256"})
    void imagesOfAnySizeAreScoredAndEveryPixelOnce(Protocol protocol) throws Exception {
        PixelScores scores = new PixelScores();

        new Evaluator(BY_COLOUR, protocol).add(pair(301, 45), scores);

        Confusion confusion = scores.histogram().at(0.5);
        assertThat(confusion.pixels()).isEqualTo(301 * 45);
        assertThat(confusion.f1()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void itStopsWhereItsThreadIsInterrupted(Protocol protocol) {
        Evaluator evaluator = new Evaluator(BY_COLOUR, protocol);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> evaluator.add(pair(64, 64), new PixelScores()))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whatIsFoundOutsideTheMaskIsAFalseAlarm() throws Exception {
        PairImages found = pair(64, 64);
        PairImages nothing = new PairImages(64, 64, found.before(), found.after(), new byte[64 * 64]);
        PixelScores scores = new PixelScores();

        new Evaluator(BY_COLOUR, Protocol.WHOLE).add(nothing, scores);

        assertThat(scores.histogram().at(0.5).precision()).isZero();
    }
}
