package org.terrachange.data.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TurnTest {
    @Test
    void sidesAreMirroredWithTheImage() {
        Turn mirrored = new Turn(false, true, false);
        Turn flipped = new Turn(false, false, true);
        String caption = "houses in the Upper left, a road from top to bottom on the right";

        assertThat(mirrored.apply(caption))
                .isEqualTo("houses in the Upper right, a road from top to bottom on the left");
        assertThat(flipped.apply(caption))
                .isEqualTo("houses in the lower left, a road from bottom to top on the right");
        assertThat(new Turn(false, true, true).apply("in the north of the northeast"))
                .isEqualTo("in the south of the southwest");
    }

    @Test
    void aQuarterTurnLaysVerticalRoadsDown() {
        assertThat(new Turn(true, false, false).apply("a vertical road is built"))
                .isEqualTo("a horizontal road is built");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a house on the left", "villas at the top", "the lower part", "a building below"})
    void captionsThatNameASideAreNeverGivenAQuarterTurn(String caption) {
        for (int number = 0; number < 8; number++) {
            assertThat(Turn.fitting(caption, number).transposed()).isFalse();
        }
        assertThat(Turn.fitting(caption, 3)).isEqualTo(new Turn(false, true, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a road meets another at a right angle", "few trees are left", "built on top of the scene"})
    void wordsOfOtherSensesKeepTheImage(String caption) {
        for (int number = 0; number < 8; number++) {
            assertThat(Turn.fitting(caption, number)).isEqualTo(Turn.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"false,true,false,1032", "false,false,true,2301", "true,false,false,0213", "true,true,false,2031"})
    void pixelsMoveAsTheNamesSay(boolean transposed, boolean mirrored, boolean flipped, String expected) {
        byte[] laid = new byte[4];

        new Turn(transposed, mirrored, flipped).apply(new byte[] {0, 1, 2, 3}, 0, 2, laid, 0);

        assertThat("" + laid[0] + laid[1] + laid[2] + laid[3]).isEqualTo(expected);
    }

    @Test
    void allNumbersGiveDifferentTurnsOfACaptionWithoutSides() {
        assertThat(java.util.stream.IntStream.range(0, 8).mapToObj(i -> Turn.fitting("a house is built", i)))
                .doesNotHaveDuplicates();
    }
}
