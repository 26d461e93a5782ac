package org.terrachange.raster.rgb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

class StretchTest {

    @Test
    void limitsAreThePercentilesOfAllImagesTogether() throws IOException {
        // Red runs over 0..999 in one image and 1000..1999 in the other, each value equally often.
        ColourSource dark = PaintedColours.of(Grid.plain(1000, 50), (colour, x, _) -> colour == 0 ? x : 7);
        ColourSource bright = PaintedColours.of(Grid.plain(1000, 50), (colour, x, _) -> colour == 0 ? 1000 + x : 7);
        Stretch stretch = Stretch.over(dark, bright);
        assertThat(stretch.low().get(0)).isCloseTo(40, within(2.0));
        assertThat(stretch.high().get(0)).isCloseTo(1959, within(2.0));
        assertThat(stretch.low().get(1)).isEqualTo(7);
        assertThat(stretch.high().get(1)).isEqualTo(8);
    }

    @Test
    void missingPixelsAndOutliersDoNotMoveTheLimits() throws IOException {
        ColourSource image = new PaintedColours(
                Grid.plain(400, 300),
                false,
                (_, x, y) -> x < 100 ? -9999 : (x + y) % 199 == 0 ? 65535 : 200 + x,
                (x, _) -> x < 100);
        Stretch stretch = Stretch.over(image);
        assertThat(stretch.low().get(2)).isBetween(300.0, 310.0);
        assertThat(stretch.high().get(2)).isBetween(585.0, 600.0);
    }

    @Test
    void aSceneWithoutValidPixelsStillHasLimits() throws IOException {
        ColourSource nothing = new PaintedColours(Grid.plain(10, 10), false, (_, _, _) -> 5, (_, _) -> true);
        assertThat(Stretch.over(nothing)).isEqualTo(new Stretch(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)));
    }

    @Test
    void valuesBeyondTheLimitsAreCutOffAndOthersRounded() {
        Stretch stretch = new Stretch(List.of(100.0, 0.0, 0.0), List.of(610.0, 255.0, 255.0));
        assertThat(stretch.bytes(0, new float[] {-5, 100, 101, 103, 355, 610, 9999}))
                .containsExactly(0, 0, 1, 2, 128, 255, 255);
        assertThat(stretch.bytes(1, new float[] {0, 0.4f, 127.6f, 255})).containsExactly(0, 0, 128, 255);
    }

    @Test
    void eightBitPicturesStayAsTheyAreWhateverTheirValues() throws IOException {
        ColourSource image = PaintedColours.of(Grid.plain(16, 16), (_, x, y) -> 100 + x + y);
        byte[] target = new byte[3 * 256];
        RgbView.of(image).read(new Window(0, 0, 16, 16), target, 16, 16, new boolean[256]);
        assertThat(target[0]).isEqualTo((byte) 100);
        assertThat(target[255]).isEqualTo((byte) 130);
    }

    @Test
    void datesOfOneKindShareAStretch() throws IOException {
        ColourSource winter = deep((_, x, _) -> 100 + x);
        ColourSource summer = deep((_, x, _) -> 300 + 3 * x);
        PairStretch pair = PairStretch.of(winter, summer);
        assertThat(pair.shared()).isTrue();
        assertThat(pair.earlier()).isEqualTo(pair.later()).isEqualTo(Stretch.over(winter, summer));
        assertThat(pair.warning()).isEmpty();
    }

    @Test
    void reflectanceAsFractionAndAsWholeNumbersIsStretchedApart() throws IOException {
        ColourSource numbers = deep((_, x, _) -> 500 + 10 * x);
        ColourSource fractions = deep((_, x, _) -> 0.05 + 0.001 * x);
        PairStretch pair = PairStretch.of(numbers, fractions);
        assertThat(pair.shared()).isFalse();
        assertThat(pair.warning()).get().asString().contains("each was stretched by itself");
        assertThat(pair.earlier()).isEqualTo(Stretch.over(numbers));
        // Under a shared stretch the whole date would be black.
        assertThat(pair.later().bytes(0, new float[] {0.05f, 0.35f})).containsExactly(0, 255);
    }

    @Test
    void aDateOfEightBitsKeepsItsBrightnessBesideAnotherKind() throws IOException {
        ColourSource bytes = PaintedColours.of(Grid.plain(300, 50), (_, x, _) -> x % 256);
        ColourSource numbers = deep((_, x, _) -> 500 + 10 * x);
        assertThat(PairStretch.of(bytes, bytes))
                .isEqualTo(new PairStretch(Stretch.NONE, Stretch.NONE, true, Optional.empty()));
        PairStretch mixed = PairStretch.of(numbers, bytes);
        assertThat(mixed.later()).isEqualTo(Stretch.NONE);
        assertThat(mixed.earlier()).isEqualTo(Stretch.over(numbers));
        assertThat(mixed.warning()).get().asString().contains("8-bit");
    }

    @Test
    void aDateWithoutValidPixelsIsNoReasonForTwoStretches() throws IOException {
        ColourSource nothing = new PaintedColours(Grid.plain(300, 50), false, (_, _, _) -> 5, (_, _) -> true);
        assertThat(PairStretch.of(deep((_, x, _) -> 500 + 10 * x), nothing).shared())
                .isTrue();
    }

    private static ColourSource deep(PaintedColours.Formula formula) {
        return new PaintedColours(Grid.plain(300, 50), false, formula, (_, _) -> false);
    }
}
